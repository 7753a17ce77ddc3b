// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/admission.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "plimsoll/base/random.h"
#include "plimsoll/schedule/bounds.h"

using namespace plimsoll;
using namespace plimsoll::schedule;
using namespace std::chrono_literals;

namespace {

DryTask task(double cpu, Duration runtime, std::vector<TaskId> needs = {}, std::optional<Duration> deadline = {}) {
    return {.amounts = {.cpu = {cpu}},
            .runtime = runtime,
            .takes = {},
            .priority = 0,
            .needs = std::move(needs),
            .deadline = deadline};
}

std::vector<Calendar> machine(double cores) { return {Calendar({.cpu = {cores}})}; }

using Missed = std::vector<Admission::Miss>;

}  // namespace

// c is due at 20 and takes 4: b, which it needs, by 16, and so must have started at 13; a by 13. d is due with nobody.
TEST_CASE("a deadline binds all that its task needs, backwards") {
    const std::vector<DryTask> tasks{task(1, 2s), task(1, 3s, {0}), task(1, 4s, {1}, 20s), task(1, 5s, {0})};
    const auto latest = latest_finishes(tasks);
    CHECK(latest[0] == 13s);
    CHECK(latest[1] == 16s);
    CHECK(latest[2] == 20s);
    CHECK_FALSE(latest[3]);
}

TEST_CASE("of two readers the one that must start first decides, and so does a deadline of one's own") {
    CHECK(latest_finishes(std::vector<DryTask>{task(1, 1s), task(1, 3s, {0}, 10s), task(1, 8s, {0}, 10s)})[0] == 2s);
    CHECK(latest_finishes(std::vector<DryTask>{task(1, 1s, {}, 4s), task(1, 3s, {0}, 10s)})[0] == 4s);
}

TEST_CASE("a deadline that can be kept is admitted, with the schedule that keeps it") {
    // On one core: the long one would be first by its id; the deadline of the second lets that go first.
    const Admission admission = admit(std::vector<DryTask>{task(1, 10s), task(1, 2s, {}, 3s)}, machine(1));
    CHECK(admission.missed.empty());
    CHECK(admission.starts == std::vector<Duration>{2s, 0s});
}

TEST_CASE("a hopeless deadline is refused, with what rules it out and the earliest that can be kept") {
    const auto miss = [](const std::vector<DryTask>& tasks, double cores) {
        return admit(tasks, machine(cores)).missed;
    };
    CHECK(miss({task(1, 6s), task(1, 6s, {0}, 10s)}, 4) == Missed{{1, 10s, 12s, "path"}});
    CHECK(miss({task(2, 6s), task(2, 6s), task(1, 1s, {0, 1}, 10s)}, 2) == Missed{{2, 10s, 13s, "cpu"}});
    // Three of 4 s on two cores by 7 s: 12 of 14 core-seconds, and yet no order of whole tasks does it.
    CHECK(miss({task(1, 4s, {}, 7s), task(1, 4s, {}, 7s), task(1, 4s, {}, 7s)}, 2) == Missed{{2, 7s, 8s, ""}});
}

TEST_CASE("with the deadlines that a refusal names, everything is admitted") {
    std::vector<DryTask> tasks{task(2, 5s, {}, 5s), task(2, 5s, {}, 6s), task(1, 3s, {1}, 7s)};
    const Admission refused = admit(tasks, machine(2));
    REQUIRE_FALSE(refused.missed.empty());
    for (const Admission::Miss& miss : refused.missed) tasks[miss.task].deadline = miss.earliest;
    CHECK(admit(tasks, machine(2)).missed.empty());
}

TEST_CASE("what is held already counts") {
    std::vector<Calendar> nodes = machine(2);
    nodes[0].add({.amounts = {.cpu = 2_cores}, .start = Instant(0s), .end = Instant(8s), .node = 0});
    CHECK(admit(std::vector<DryTask>{task(1, 4s, {}, 10s)}, nodes).missed == Missed{{0, 10s, 12s, ""}});
    CHECK(admit(std::vector<DryTask>{task(2, 4s, {}, 10s)}, nodes).missed == Missed{{0, 10s, 12s, "cpu"}});
}

TEST_CASE("a task of unknown length promises nothing, and is named") {
    const Admission admission = admit(std::vector<DryTask>{task(1, 0s), task(1, 2s, {0}, 5s)}, machine(1));
    CHECK(admission.missed.empty());
    CHECK(admission.unknown == std::vector<TaskId>{0});
}

// On so many cores of its own as federated scheduling gives it, any work-conserving order keeps the deadline of a DAG
// of one-core tasks: admission must not refuse it. And what it admits has a schedule that keeps every deadline within
// the machine.
TEST_CASE("random DAGs: enough cores are never refused, and what is admitted is kept") {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        CAPTURE(seed);
        Rng rng(seed);
        std::vector<DryTask> tasks;
        DagWork dag;
        std::vector<Duration> path;
        for (TaskId id = 0; id < 30; ++id) {
            DryTask made = task(1, std::chrono::seconds(rng.between(1, 9)));
            Duration before{};
            for (int n = 0; id > 0 && n < 2; ++n) {
                made.needs.push_back(static_cast<TaskId>(rng.between(0, id - 1)));
                before = std::max(before, path[made.needs.back()]);
            }
            path.push_back(before + made.runtime);
            dag.longest_path = std::max(dag.longest_path, path.back());
            dag.work += made.runtime;
            tasks.push_back(made);
        }
        const Duration deadline = dag.longest_path + from_seconds(1 + 20 * rng.uniform());
        for (DryTask& each : tasks) each.deadline = deadline;
        const double cores = *federated_cores(dag, deadline);
        CHECK(admit(tasks, machine(cores)).missed.empty());
        const Admission few = admit(tasks, machine(2));
        Duration last{};
        for (TaskId id = 0; id < tasks.size(); ++id) {
            const Duration finish = few.starts[id] + tasks[id].runtime;
            last = std::max(last, finish);
            for (const TaskId need : tasks[id].needs) CHECK(few.starts[id] >= few.starts[need] + tasks[need].runtime);
            int beside = 0;
            for (TaskId other = 0; other < tasks.size(); ++other)
                beside +=
                    few.starts[other] <= few.starts[id] && few.starts[id] < few.starts[other] + tasks[other].runtime;
            CHECK(beside <= 2);
        }
        if (few.missed.empty()) CHECK(last <= deadline);
        else CHECK(last <= graham_bound(dag, 2));
    }
}
