// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/trace_work.h"

#include <doctest/doctest.h>

#include "plimsoll/simulate/what_if.h"

using namespace plimsoll;
using namespace plimsoll::simulate;

namespace {

double makespan_s(const RecordedWork& work, const char* capacity) {
    const Alternative how{.policy = "fifo", .by_requests = true, .capacity = parse_resources(capacity).value()};
    return what_if(work, how, {}, {.count = 1}).value().front().makespan_s;
}

}  // namespace

TEST_CASE("jobs of a log join when they were submitted, and each is waited for alone") {
    SwfTrace trace{.processors = 8, .jobs = {}};
    for (int id = 0; id < 4; ++id)
        trace.jobs.push_back({.id = id, .submit_s = 100.0 + 10 * id, .run_s = 60, .allocated = 4, .requested = 4});
    const RecordedWork work = work_of(trace);
    CHECK(work.arrivals.back() == Instant(std::chrono::seconds(30)));
    CHECK(work.tasks[1].submission != work.tasks[2].submission);
    // Two at a time: at 0 and 10 s, then at 60 and 70.
    CHECK(makespan_s(work, "cpu=8 memory=64GiB") == doctest::Approx(130).epsilon(0.01));
}

TEST_CASE("pods share devices, and those of which an end was not told are left out") {
    const auto pod = [](const char* name, double gpu_milli, double deleted_s) {
        return OpenbPod{.name = name,
                        .cpu_milli = 1000,
                        .memory_mib = 512,
                        .gpus = 1,
                        .gpu_milli = gpu_milli,
                        .models = {},
                        .created_s = 100,
                        .deleted_s = deleted_s};
    };
    const std::vector<OpenbPod> pods = {pod("a", 500, 160), pod("b", 500, 160), pod("c", 1000, 160), pod("d", 500, 0)};
    const RecordedWork work = work_of(pods);
    CHECK(work.tasks.size() == 3);
    CHECK(makespan_s(work, "cpu=8 memory=8GiB gpu=1") == doctest::Approx(120).epsilon(0.01));
}

// The first runs for three days and a half, and so long after it nothing comes: more rounds than an idle run is given.
TEST_CASE("a long time in which nothing happens is no sign that a run does not end") {
    const std::vector<OpenbPod> pods = {
        {.name = "a", .cpu_milli = 1000, .memory_mib = 512, .models = {}, .created_s = 0, .deleted_s = 300'000},
        {.name = "b", .cpu_milli = 1000, .memory_mib = 512, .models = {}, .created_s = 600'000, .deleted_s = 600'010}};
    CHECK(makespan_s(work_of(pods), "cpu=8 memory=8GiB") == doctest::Approx(600'010).epsilon(0.01));
}

TEST_CASE("tasks of a workflow start after their parents") {
    const WfDag dag{.file = "f",
                    .tasks = {{.type = "split", .id = "a", .runtime_s = 10, .parents = {}},
                              {.type = "work", .id = "b", .runtime_s = 20, .parents = {0}},
                              {.type = "work", .id = "c", .runtime_s = 20, .parents = {0}},
                              {.type = "join", .id = "d", .runtime_s = 5, .parents = {1, 2}}}};
    CHECK(makespan_s(work_of(dag), "cpu=2 memory=8GiB") == doctest::Approx(35).epsilon(0.01));
    CHECK(makespan_s(work_of(dag), "cpu=1 memory=8GiB") == doctest::Approx(55).epsilon(0.01));
}
