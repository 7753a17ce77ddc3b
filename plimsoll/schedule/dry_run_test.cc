// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/dry_run.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "plimsoll/base/random.h"
#include "plimsoll/schedule/critical_path.h"

using namespace plimsoll;
using namespace plimsoll::schedule;
using namespace std::chrono_literals;

namespace {

std::vector<Node> machine(double cores) {
    return {{.id = 0, .name = "here", .capacity = {.cpu = {cores}, .memory = 8_GiB}}};
}

DryTask task(double cpu, Duration runtime, std::vector<TaskId> needs = {}) {
    return {.amounts = {.cpu = {cpu}}, .runtime = runtime, .takes = {}, .priority = 0, .needs = std::move(needs)};
}

/// So much memory for so many seconds, one phase after another.
DryTask phased(const std::vector<std::pair<Bytes, int>>& memory_for_seconds) {
    DryTask made;
    for (const auto& [memory, length] : memory_for_seconds) {
        made.runtime += std::chrono::seconds(length);
        made.phases.push_back({made.runtime, {.cpu = 1_cores, .memory = memory}});
    }
    made.amounts = most_of(made.phases);
    return made;
}

DryTask flat(DryTask task) {
    task.phases.clear();
    return task;
}

/// A row a task, a column a second: '#' while it runs.
std::string draw(const DryRun& run) {
    std::vector<std::string> rows(run.starts.size());
    for (const DryStart& start : run.starts)
        rows[start.task] = std::string(static_cast<std::size_t>(seconds(start.start)), '.') +
                           std::string(static_cast<std::size_t>(seconds(start.end - start.start)), '#');
    std::string drawing;
    for (const std::string& row : rows) drawing += row + "\n";
    return drawing;
}

/// What the tasks of a run hold together at that time.
Resources held_at(Duration when, const std::vector<DryTask>& tasks, const DryRun& run) {
    Resources held;
    for (const DryStart& start : run.starts) {
        if (when < start.start || when >= start.end) continue;
        const DryTask& task = tasks[start.task];
        held +=
            amounts_at({.amounts = task.amounts, .start = Instant{start.start}, .phases = task.phases}, Instant{when});
    }
    return held;
}

Resources random_amounts(Rng& rng) {
    return {.cpu = {0.25 * static_cast<double>(rng.between(1, 12))}, .memory = Bytes{rng.between(1, 4096) << 20}};
}

DryTask random_task(TaskId id, Rng& rng) {
    DryTask task{.amounts = random_amounts(rng), .runtime = std::chrono::seconds(rng.between(1, 20))};
    task.takes = from_seconds(seconds(task.runtime) * (0.3 + rng.uniform()));
    for (int n = 0; id > 0 && n < 2; ++n)
        if (rng.uniform() < 0.4) task.needs.push_back(static_cast<TaskId>(rng.between(0, id - 1)));
    return task;
}

/// Of up to three phases, and never longer than reserved: what overruns holds what others planned to have by then.
DryTask random_phased_task(TaskId id, Rng& rng) {
    DryTask task = random_task(id, rng);
    task.takes = std::min(task.takes, task.runtime);
    Duration begin{};
    for (auto left = rng.between(0, 3); left > 0; --left) {
        begin += from_seconds(seconds(task.runtime) * 0.5 * rng.uniform());
        task.phases.push_back({begin, random_amounts(rng)});
    }
    if (!task.phases.empty()) task.amounts = most_of(task.phases);
    return task;
}

}  // namespace

TEST_CASE("the longest path goes first and short tasks fill what it leaves") {
    // 0 -> 1 is the long path, and 1 takes the whole machine; 2 and 3 are on their own.
    const std::vector<DryTask> tasks{task(1, 3s), task(2, 4s, {0}), task(1, 2s), task(1, 3s)};
    const DryRun run = dry_run(tasks, machine(2));
    CHECK(draw(run) ==
          "###\n"
          "...####\n"
          ".......##\n"
          "###\n");
    CHECK(run.makespan == 9s);
}

// A machine of 8 GiB. Each task sorts in 6 GiB for two seconds, then writes for six with 1 GiB: while one writes,
// the next sorts.
TEST_CASE("tasks of two phases follow each other as soon as the large one is over") {
    const DryTask sorts = phased({{6_GiB, 2}, {1_GiB, 6}});
    const DryRun run = dry_run(std::vector<DryTask>(3, sorts), machine(4));
    CHECK(draw(run) ==
          "########\n"
          "..########\n"
          "....########\n");
    CHECK(dry_run(std::vector<DryTask>(3, flat(sorts)), machine(4)).makespan == 24s);
}

// "rises" loads for five seconds with 1 GiB before it needs 6; "falls" is done with its 6 GiB after four.
TEST_CASE("a task that needs much later starts beside one that needs much at first") {
    const std::vector<DryTask> tasks{phased({{6_GiB, 4}, {1_GiB, 4}}), phased({{1_GiB, 5}, {6_GiB, 3}})};
    CHECK(draw(dry_run(tasks, machine(2))) == "########\n########\n");
    const std::vector<DryTask> as_flat{flat(tasks[0]), flat(tasks[1])};
    CHECK(draw(dry_run(as_flat, machine(2))) == "########\n........########\n");
}

TEST_CASE("a task of phases that takes longer than reserved keeps what its last phase holds") {
    std::vector<DryTask> tasks{phased({{6_GiB, 2}, {3_GiB, 2}}), phased({{6_GiB, 2}})};
    tasks[0].takes = 7s;
    CHECK(draw(dry_run(tasks, machine(2))) == "#######\n.......##\n");
}

// One core, tasks of a second. Weights 3 : 1 and turns over time: of four seconds three are a's.
TEST_CASE("queues share in a rehearsal as they do live") {
    std::vector<DryTask> tasks(12, task(1, 1s));
    for (TaskId id = 0; id < 6; ++id) tasks[id].queue = "a", tasks[id + 6].queue = "b";
    const std::vector<QueueSpec> queues{{.path = "", .discipline = Discipline::sfq},
                                        {.path = "a", .parent = 0, .weight = 3},
                                        {.path = "b", .parent = 0, .weight = 1}};
    std::string order;
    for (const DryStart& start : dry_run(tasks, machine(1), queues).starts) order += start.task < 6 ? 'a' : 'b';
    CHECK(std::ranges::count(order.substr(0, 4), 'a') == 3);
    CHECK(std::ranges::count(order.substr(0, 8), 'a') == 6);
}

TEST_CASE("a queue's limit holds in a rehearsal, and what asks for more can never run") {
    std::vector<DryTask> tasks{task(1, 2s), task(1, 2s), task(2, 1s)};
    for (DryTask& one : tasks) one.queue = "small";
    std::vector<QueueSpec> queues{{.path = "", .discipline = Discipline::fair}, {.path = "small", .parent = 0}};
    queues[1].most.cpu = 1_cores;
    const DryRun run = dry_run(tasks, machine(4), queues);
    CHECK(run.makespan == 4s);
    CHECK(run.impossible == std::vector<TaskId>{2});
}

TEST_CASE("what can never run, and what needs it, is named") {
    const std::vector<DryTask> tasks{task(3, 1s), task(1, 1s, {0}), task(1, 1s)};
    const DryRun run = dry_run(tasks, machine(2));
    CHECK(run.impossible == std::vector<TaskId>{0, 1});
    CHECK(run.makespan == 1s);
}

TEST_CASE("a task that takes longer than reserved keeps what it holds") {
    std::vector<DryTask> tasks{task(2, 2s), task(2, 1s)};
    tasks[0].takes = 5s;
    CHECK(draw(dry_run(tasks, machine(2))) == "#####\n.....#\n");
}

// Every task runs once, after its needs; nothing goes above the machine at any start; the makespan is no
// shorter than the longest path or the work over the cores, and no longer than one task after another.
TEST_CASE("random workflows obey needs, capacity and the bounds of makespan") {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        CAPTURE(seed);
        Rng rng(seed);
        std::vector<DryTask> tasks;
        for (TaskId id = 0; id < 80; ++id) tasks.push_back(random_task(id, rng));
        const std::vector<Node> nodes = machine(4);
        const DryRun run = dry_run(tasks, nodes);
        REQUIRE(run.starts.size() == tasks.size());
        REQUIRE(run.impossible.empty());
        std::vector<DryStart> of(tasks.size());
        for (const DryStart& start : run.starts) of[start.task] = start;
        double work = 0, serial = 0;
        CriticalPath path;
        for (TaskId id = 0; id < tasks.size(); ++id) {
            for (const TaskId need : tasks[id].needs) REQUIRE(of[id].start >= of[need].end);
            work += tasks[id].amounts.cpu.count * seconds(tasks[id].takes);
            serial += seconds(tasks[id].takes);
            path.join(id, tasks[id].needs, seconds(tasks[id].takes));
            REQUIRE(fits(held_at(of[id].start, tasks, run), nodes[0].capacity));
        }
        path.refresh();
        CHECK(seconds(run.makespan) >= std::max(path.longest(), work / 4) - 1e-6);
        CHECK(seconds(run.makespan) <= serial + 1e-6);
        CHECK(dry_run(tasks, nodes).starts == run.starts);
    }
}

// What is held rises only where a task starts or enters a phase: looked at there, it is looked at always.
TEST_CASE("random workflows of phases obey needs and capacity at every instant") {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        CAPTURE(seed);
        Rng rng(seed);
        std::vector<DryTask> tasks;
        for (TaskId id = 0; id < 80; ++id) tasks.push_back(random_phased_task(id, rng));
        const std::vector<Node> nodes = machine(4);
        const DryRun run = dry_run(tasks, nodes);
        REQUIRE(run.starts.size() == tasks.size());
        std::vector<DryStart> of(tasks.size());
        for (const DryStart& start : run.starts) of[start.task] = start;
        for (TaskId id = 0; id < tasks.size(); ++id) {
            for (const TaskId need : tasks[id].needs) REQUIRE(of[id].start >= of[need].end);
            REQUIRE(fits(held_at(of[id].start, tasks, run), nodes[0].capacity));
            for (const Phase& phase : tasks[id].phases)
                REQUIRE(fits(held_at(of[id].start + phase.until, tasks, run), nodes[0].capacity));
        }
        CHECK(dry_run(tasks, nodes).starts == run.starts);
    }
}
