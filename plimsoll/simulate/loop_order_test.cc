// SPDX-License-Identifier: Apache-2.0
// The order that is sought before a workflow begins, through the whole loop.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "plimsoll/simulate/drawing.h"
#include "plimsoll/simulate/simulated_run.h"

using namespace plimsoll;
using namespace plimsoll::simulate;
using namespace std::chrono_literals;

namespace {

/// Three cores. `wide` takes all of them for 5 s, then b and c take two for 5 and 10 s; `long` takes one for 20 s.
struct Narrow {
    Drawing drawing = draw("wide; b <- wide; c <- wide; long", {.cpu = 2_cores, .memory = 64_MiB, .time = 5s}).value();
    std::unique_ptr<forecast::Forecaster> forecaster = forecast::make_forecaster("request");
    SimulatedRun run{
        {.nodes = {{.id = 0, .name = "here", .capacity = parse_resources("cpu=3 memory=8GiB").value()}},
         .truth =
             [](const std::string& task, int) {
                 return Behaviour{.runtime = task == "long" ? 20s : task == "c" ? 10s : 5s, .memory_peak = 32_MiB};
             },
         .store = {}},
        *forecaster};
    workflow::FixedSource source;

    explicit Narrow(std::optional<Duration> long_time) : source(asked(long_time)) { run.loop().add(source); }

    std::vector<Task> asked(std::optional<Duration> long_time) {
        drawing.step("wide")->request.cpu = 3_cores;
        drawing.step("c")->request.time = 10s;
        drawing.step("long")->request.cpu = 1_cores;
        drawing.step("long")->request.time = long_time;
        return drawing.tasks;
    }

    Duration makespan() {
        const Instant begin = run.clock().now();
        REQUIRE(run.finish());
        return std::chrono::round<std::chrono::seconds>(run.clock().now() - begin);
    }

    std::string reason_of_first_start() const {
        for (const auto& decided : run.store().all<history::Decided>())
            if (decided.decision.action == "start") return decided.decision.reason;
        return {};
    }
};

}  // namespace

// The longest path is `long`; begun first it keeps `wide` waiting for its third core: 20 + 5 + 10 + 5 s. The other way
// round it runs beside b and c: 5 + 20 s.
TEST_CASE("where the longest path first is in the way of what needs all cores, another order is found and kept to") {
    Narrow world(20s);
    CHECK(world.makespan() == 25s);
    CHECK(world.reason_of_first_start() == "the order that was rehearsed: first in line");
}

TEST_CASE("where it is not known how long some task takes, nothing is rehearsed") {
    Narrow world(std::nullopt);
    CHECK(world.makespan() > 0s);
    CHECK(world.reason_of_first_start() == "critical path: first in line");
}
