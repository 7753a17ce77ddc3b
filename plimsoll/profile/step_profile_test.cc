// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/profile/step_profile.h"

#include <doctest/doctest.h>

using namespace plimsoll;
using namespace plimsoll::profile;
using namespace std::chrono_literals;

namespace {

TaskRecord task(TaskId id, const std::string& step, const std::string& name, TaskState state = TaskState::finished) {
    TaskRecord record;
    record.id = id;
    record.name = name;
    record.kind.step = step;
    record.state = state;
    return record;
}

AttemptRecord attempt(TaskId id, const std::string& step, Duration runtime, Bytes peak,
                      Ending ending = Ending::finished, int number = 1) {
    AttemptRecord record;
    record.id = {id, number};
    record.kind.step = step;
    record.reserved.memory = 1_GiB;
    record.outcome = Outcome{ending, 0, {}};
    record.profile.runtime = runtime;
    record.profile.cpu = runtime / 2;
    record.profile.memory_peak = peak;
    record.profile.samples = peak > Bytes{} ? 1 : 0;
    record.profile.read_bytes = 1_MiB;
    record.profile.write_operations = 3;
    record.profile.threads_peak = id + 1;
    return record;
}

FileStamp file(const std::string& path, std::int64_t size) { return {.path = path, .size = size}; }

Receipt receipt(const std::string& name, std::vector<FileStamp> inputs, std::vector<FileStamp> outputs) {
    return {.task_name = name, .command = {}, .inputs = std::move(inputs), .outputs = std::move(outputs)};
}

}  // namespace

TEST_CASE("a step's figures: totals over all attempts, the largest of peaks, spreads over what finished") {
    const std::vector<StepProfile> steps = step_profiles(
        std::vector{task(0, "align", "align[a]"), task(1, "align", "align[b]", TaskState::failed),
                    task(2, "align", "align[c]", TaskState::up_to_date)},
        std::vector{attempt(0, "align", 10s, 300_MiB, Ending::out_of_memory),
                    attempt(0, "align", 20s, 500_MiB, Ending::finished, 2), attempt(1, "align", 4s, 0_B, Ending::exit)},
        {});
    REQUIRE(steps.size() == 1);
    const StepProfile& step = steps[0];
    CHECK(step.step == "align");
    CHECK(step.finished == 1);
    CHECK(step.failed == 1);
    CHECK(step.up_to_date == 1);
    CHECK(step.attempts == 3);
    CHECK(step.retries == 1);
    CHECK(step.endings[static_cast<std::size_t>(Ending::out_of_memory)] == 1);
    CHECK(step.endings[static_cast<std::size_t>(Ending::exit)] == 1);
    CHECK(step.measured == 2);
    CHECK(step.runtime == Spread<Duration>{20s, 20s, 20s});
    CHECK(step.memory_peak == Spread<Bytes>{300_MiB, 300_MiB, 500_MiB});
    CHECK(step.sum.runtime == 34s);
    CHECK(step.sum.cpu == 17s);
    CHECK(step.sum.read_bytes == 3_MiB);
    CHECK(step.sum.write_operations == 9);
    CHECK(step.sum.threads_peak == 2);
}

// reference.fa and two reads come from outside; index makes a folder that both aligns read from.
TEST_CASE("what steps hand each other is told by the files that one made and another read") {
    const std::vector<StepProfile> steps =
        step_profiles(std::vector{task(0, "index", "index"), task(1, "align", "align[a]"), task(2, "align", "align[b]"),
                                  task(3, "merge", "merge")},
                      {},
                      std::vector{receipt("index", {file("reference.fa", 1000)}, {file("index/", 0)}),
                                  receipt("align[a]", {file("index/x.bt2", 70), file("a.fq", 5)}, {file("a.bam", 10)}),
                                  receipt("align[b]", {file("index/x.bt2", 70), file("b.fq", 6)}, {file("b.bam", 20)}),
                                  receipt("merge", {file("a.bam", 10), file("b.bam", 20)}, {file("all.bam", 30)}),
                                  receipt("of an older version of the file", {file("a.bam", 10)}, {file("a.fq", 5)})});
    REQUIRE(steps.size() == 3);
    CHECK(steps[0].reads == std::vector<Handover>{{"", 1, 1000_B}});
    CHECK(steps[0].hands == std::vector<Handover>{{"align", 2, 140_B}});
    CHECK(steps[1].reads == std::vector<Handover>{{"index", 2, 140_B}, {"", 2, 11_B}});
    CHECK(steps[1].hands == std::vector<Handover>{{"merge", 2, 30_B}});
    CHECK(steps[2].reads == std::vector<Handover>{{"align", 2, 30_B}});
    CHECK(steps[2].hands.empty());
}

TEST_CASE("a step of which nothing has run has no spreads, and one that still runs counts no attempt") {
    AttemptRecord running = attempt(0, "align", 1s, 1_MiB);
    running.outcome.reset();
    const std::vector<StepProfile> steps =
        step_profiles(std::vector{task(0, "align", "align", TaskState::running)}, std::vector{running}, {});
    REQUIRE(steps.size() == 1);
    CHECK(steps[0].attempts == 0);
    CHECK_FALSE(steps[0].runtime);
    CHECK_FALSE(steps[0].memory_peak);
}
