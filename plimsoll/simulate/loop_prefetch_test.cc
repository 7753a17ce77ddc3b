// SPDX-License-Identifier: Apache-2.0
// What the loop has read ahead, and when, on a small simulated machine.
#include <doctest/doctest.h>

#include <algorithm>

#include "plimsoll/simulate/drawing.h"
#include "plimsoll/simulate/simulated_run.h"

using namespace plimsoll;
using namespace plimsoll::simulate;
using namespace std::chrono_literals;

namespace {

/// Reads at once what it is asked for, and keeps what it was asked.
class QuickDisk final : public shape::Warmer {
public:
    void want(std::vector<std::string> paths, Bytes budget) override {
        if (wishes.empty() || wishes.back() != paths) wishes.push_back(paths);
        budgets.push_back(budget);
        for (const std::string& path : paths) warmed_.push_back({path, 1_MiB});
    }
    std::vector<shape::WarmFile> take_warmed() override { return std::exchange(warmed_, {}); }

    std::vector<std::vector<std::string>> wishes;
    std::vector<Bytes> budgets;

private:
    std::vector<shape::WarmFile> warmed_;
};

using Paths = std::vector<std::string>;

/// A core, on which each task takes as long as its request says; each reads a file of its name.
struct OneCore {
    explicit OneCore(const char* drawing, Duration takes) {
        const Request request{.cpu = Cores{1}, .memory = Bytes{1 << 30}, .time = takes, .disk = {}, .gpu = {}};
        tasks = draw(drawing, request).value();
        for (Task& task : tasks.tasks) task.inputs = {task.name + ".in"};
        simulated.emplace(
            SimulatedRun::Setup{
                .nodes = {{.id = 0, .name = "here", .capacity = parse_resources("cpu=1 memory=8GiB").value()}},
                .truth = [=](const std::string&, int) { return Behaviour{.runtime = takes}; },
                .warmer = &disk},
            *forecaster);
        workflow::FixedSource source(tasks.tasks);
        simulated->loop().add(source);
        REQUIRE(simulated->finish());
    }
    std::vector<std::string> prefetched() const {
        std::vector<std::string> told;
        for (const history::Decided& decided : simulated->store().all<history::Decided>())
            if (decided.decision.action == "prefetch")
                told.push_back(tasks.tasks[*decided.decision.task].name + " " + decided.decision.new_value);
        return told;
    }

    QuickDisk disk;
    std::unique_ptr<forecast::Forecaster> forecaster = forecast::make_forecaster("request");
    Drawing tasks;
    std::optional<SimulatedRun> simulated;
};

}  // namespace

TEST_CASE("while a task runs, what comes next is read: what waits for room, and what waits for it") {
    const OneCore run("a; b <- a; c <- b", 8s);
    CHECK(run.disk.wishes == std::vector<Paths>{{"/simulated/b.in"}, {"/simulated/c.in"}, {}});
    CHECK(run.prefetched() == std::vector<std::string>{"b 1.00 MiB", "c 1.00 MiB"});
}

// Of 60 s the last ten are near enough: nothing is wanted until then.
TEST_CASE("what starts much later is not read yet") {
    const OneCore run("a; b <- a", 60s);
    REQUIRE(run.disk.wishes.size() == 3);
    CHECK(run.disk.wishes[0].empty());
    CHECK(run.disk.wishes[1] == Paths{"/simulated/b.in"});
    CHECK(run.prefetched() == std::vector<std::string>{"b 1.00 MiB"});
}

TEST_CASE("no more is filled ahead than a quarter of the memory that nobody holds") {
    const OneCore run("a; b", 5s);
    REQUIRE(!run.disk.budgets.empty());
    CHECK(run.disk.budgets.front() == Bytes{(7LL << 30) / 4});
}
