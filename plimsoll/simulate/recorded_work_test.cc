// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/recorded_work.h"

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <string>

#include "plimsoll/simulate/what_if.h"

using namespace plimsoll;
using namespace plimsoll::simulate;
using namespace std::chrono_literals;

namespace {

AttemptRecord attempt(TaskId id, const char* name, const char* step, std::optional<TaskId> after, Duration runtime) {
    AttemptRecord made{.id = {id, 1}, .task_name = name, .kind = {"w", step, ""}};
    made.request.cpu = 1_cores;
    made.request.memory = 100_MiB;
    made.request.time = runtime;
    made.wait = WaitRecord{.time = {}, .after = after, .lack = {}};
    made.started = WallTime(1s);
    made.ended = made.started + runtime;
    made.outcome = Outcome{};
    made.profile.runtime = runtime;
    made.profile.cpu = runtime;
    made.profile.memory_peak = 50_MiB;
    return made;
}

std::set<std::string> needs_of(const RecordedWork& work, const std::string& name) {
    std::set<std::string> needs;
    for (const Task& task : work.tasks)
        if (task.name == name)
            for (const TaskId need : task.needs) needs.insert(work.tasks[need].name);
    return needs;
}

}  // namespace

// align was done in three parts, of which the first came to its end last: that is all that its own record tells.
TEST_CASE("what joins the parts of a task waits for all of them, and they for what the task needs") {
    const std::vector<AttemptRecord> attempts = {
        attempt(0, "index", "index", {}, 5s),    attempt(1, "align", "align:join", 4, 1s),
        attempt(2, "sum", "sum", 1, 1s),         attempt(4, "align:1", "align", 0, 30s),
        attempt(5, "align:2", "align", {}, 10s), attempt(6, "align:3", "align", {}, 10s),
        attempt(7, "other:1", "other", {}, 1s)};
    const std::vector<Receipt> receipts = {
        {.task_name = "index", .command = {}, .inputs = {}, .outputs = {{.path = "index.out", .content = {}}}},
        {.task_name = "align",
         .command = {},
         .inputs = {{.path = "index.out", .content = {}}},
         .outputs = {{.path = "align.out", .content = {}}}},
        {.task_name = "sum", .command = {}, .inputs = {{.path = "align.out", .content = {}}}, .outputs = {}}};
    RunRecord run;
    run.started = attempts.front().started;
    const RecordedWork work = recorded_work(run, attempts, receipts);
    REQUIRE(work.tasks.size() == 7);
    using Names = std::set<std::string>;
    CHECK(needs_of(work, "align") == Names{"align:1", "align:2", "align:3", "index"});
    for (const char* part : {"align:1", "align:2", "align:3"}) CHECK(needs_of(work, part) == Names{"index"});
    CHECK(needs_of(work, "sum") == Names{"align"});
    CHECK(needs_of(work, "other:1").empty());
    const Alternative two_cores{.by_requests = true, .capacity = parse_resources("cpu=2 memory=8GiB").value()};
    // index, then 30 s of the first part with the others beside it, then the join and the sum.
    CHECK(what_if(work, two_cores, {}, {.count = 1}).value().front().makespan_s == doctest::Approx(37).epsilon(0.01));
}
