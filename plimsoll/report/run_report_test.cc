// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/report/run_report.h"

#include <doctest/doctest.h>

#include "plimsoll/report/report_json.h"
#include "plimsoll/report/samples.h"

using namespace plimsoll;
using namespace plimsoll::report;
using namespace std::chrono_literals;

namespace {

const WallTime run_start{1'700'000'000s};

/// Starts and ends so many seconds into the run, holding 1 GiB and a core, and using half of both.
AttemptRecord attempt(TaskId task, const std::string& step, Duration from, Duration until, int number = 1) {
    AttemptRecord record;
    record.id = {task, number};
    record.task_name = step + "[" + std::to_string(task) + "]";
    record.kind.step = step;
    record.request = {.cpu = 1_cores, .memory = 2_GiB};
    record.reserved = {.cpu = 1_cores, .memory = 1_GiB};
    record.started = run_start + from;
    record.ended = run_start + until;
    record.outcome = Outcome{};
    Profile& profile = record.profile;
    profile.runtime = until - from;
    profile.cpu = profile.runtime / 2;
    profile.memory_peak = 512_MiB;
    profile.samples = 1;
    profile.memory_byte_seconds = seconds(profile.runtime) * (512 << 20);
    profile.segments = {{.until = profile.runtime, .memory = 512_MiB, .cpu = {0.5}}};
    record.shaping.reserved_byte_seconds = seconds(profile.runtime) * (1 << 30);
    record.shaping.reserved_core_seconds = seconds(profile.runtime);
    return record;
}

AttemptRecord waited(AttemptRecord record, Duration time, std::optional<TaskId> after, std::string lack = "memory") {
    record.wait = WaitRecord{.time = time, .after = after, .lack = std::move(lack)};
    return record;
}

Decision change(TaskId task, Duration at, const std::string& action, Bytes before, Bytes after) {
    Decision decision;
    decision.at = run_start + at;
    decision.task = task;
    decision.attempt = 1;
    decision.action = action;
    decision.subject = "memory";
    decision.old_value = format(before);
    decision.new_value = format(after);
    decision.reason = "why";
    return decision;
}

Recorded recorded(std::vector<AttemptRecord> attempts, std::vector<Decision> decisions = {}) {
    Recorded all;
    all.run.id = "r1";
    all.run.workflow = "w";
    all.run.state = RunState::finished;
    all.run.started = run_start;
    all.run.ended = run_start;
    for (const AttemptRecord& one : attempts) {
        all.run.ended = std::max(*all.run.ended, *one.ended);
        if (!all.tasks.empty() && all.tasks.back().id == one.id.task) continue;
        TaskRecord task;
        task.id = one.id.task;
        task.name = one.task_name;
        task.kind = one.kind;
        task.state = TaskState::finished;
        task.request = one.request;
        all.tasks.push_back(task);
    }
    all.attempts = std::move(attempts);
    all.decisions = std::move(decisions);
    return all;
}

RunReport report_of(Recorded all) {
    return make_report(std::move(all), [](const AttemptRecord&) { return std::string("last words\n"); });
}

double area(const Series& series, std::vector<double> Series::* amounts) {
    double sum = 0;
    for (const double amount : series.*amounts) sum += amount * seconds(series.step);
    return sum;
}

}  // namespace

TEST_CASE("the areas over time are the totals of the summary") {
    const RunReport report = report_of(recorded({attempt(0, "a", 0s, 10s), attempt(1, "b", 3s, 17s)}));
    CHECK(area(report.over_time.reserved, &Series::memory) / 3600e9 == doctest::Approx(report.summary.memory.reserved));
    CHECK(area(report.over_time.used, &Series::memory) / 3600e9 == doctest::Approx(report.summary.memory.used));
    CHECK(area(report.over_time.requested, &Series::memory) / 3600e9 ==
          doctest::Approx(report.summary.memory.requested));
    CHECK(area(report.over_time.reserved, &Series::cpu) / 3600 == doctest::Approx(report.summary.cpu.reserved));
    CHECK(area(report.over_time.used, &Series::cpu) / 3600 == doctest::Approx(report.summary.cpu.used));
}

TEST_CASE("the steps' totals add up to the run's") {
    const RunReport report =
        report_of(recorded({attempt(0, "a", 0s, 10s), attempt(1, "a", 0s, 4s), attempt(2, "b", 3s, 17s)}));
    REQUIRE(report.steps.size() == 2);
    CHECK(report.steps[0].memory.reserved + report.steps[1].memory.reserved ==
          doctest::Approx(report.summary.memory.reserved));
    CHECK(report.steps[0].cpu.used + report.steps[1].cpu.used == doctest::Approx(report.summary.cpu.used));
    CHECK(report.steps[1].request.memory == 2_GiB);
}

TEST_CASE("what was held follows the decisions, and its area is what was accounted") {
    AttemptRecord grown = attempt(0, "a", 2s, 12s);
    grown.reserved.memory = 2_GiB;
    grown.shaping.reserved_byte_seconds = 4 * (1LL << 30) + 6 * 2.0 * (1LL << 30);
    const RunReport report = report_of(recorded({grown}, {change(0, 6s, "grow", 1_GiB, 2_GiB)}));
    const std::vector<Stretch>& held = report.times[0].reserved;
    REQUIRE(held.size() == 2);
    CHECK(held[0].span == Span{2s, 6s});
    CHECK(held[0].memory == doctest::Approx(1 << 30));
    CHECK(held[1].span == Span{6s, 12s});
    CHECK(held[1].memory == doctest::Approx(2.0 * (1 << 30)));
    REQUIRE(report.times[0].changes.size() == 1);
    CHECK(report.times[0].changes[0].new_value == "2.00 GiB");
}

TEST_CASE("an attempt's own time stands still while it is frozen; a freeze that was refused is none") {
    AttemptRecord frozen = attempt(0, "a", 0s, 10s);
    frozen.profile.runtime = 6s;
    frozen.profile.segments = {{.until = 2s, .memory = 1_MiB, .cpu = {1}}, {.until = 6s, .memory = 2_MiB, .cpu = {1}}};
    Decision refused = change(0, 1s, "freeze", 0_B, 0_B);
    refused.reason = "not possible: no freezer";
    const RunReport report = report_of(
        recorded({frozen}, {refused, change(0, 3s, "freeze", 1_GiB, 1_GiB), change(0, 7s, "thaw", 1_GiB, 1_GiB)}));
    const AttemptTimes& times = report.times[0];
    REQUIRE(times.freezes.size() == 1);
    CHECK(times.freezes[0].span == Span{3s, 7s});
    REQUIRE(times.used.size() == 2);
    CHECK(times.used[0].span == Span{0s, 2s});
    CHECK(times.used[1].span == Span{2s, 10s});
}

TEST_CASE("the slowest path goes from the last end back to whoever made each attempt ready") {
    const RunReport report =
        report_of(recorded({waited(attempt(0, "a", 0s, 10s), 0s, {}), waited(attempt(1, "b", 0s, 8s), 0s, {}),
                            waited(attempt(2, "c", 13s, 20s), 3s, 0)}));
    REQUIRE(report.path.size() == 2);
    CHECK(report.path[0] == Leg{.attempt = 0, .ready = 0s, .run = {0s, 10s}});
    CHECK(report.path[1] == Leg{.attempt = 2, .ready = 10s, .run = {13s, 20s}});
}

TEST_CASE("a retry follows its own first attempt on the path, not the one after it") {
    AttemptRecord failed = waited(attempt(0, "a", 0s, 5s), 0s, {});
    failed.outcome = Outcome{Ending::out_of_memory, 0, {}};
    const RunReport report = report_of(recorded({failed, waited(attempt(0, "a", 6s, 9s, 2), 1s, 0)}));
    REQUIRE(report.path.size() == 2);
    CHECK(report.path[0].attempt == 0);
    CHECK(report.path[1].attempt == 1);
}

TEST_CASE("of a history that did not record waits only the last attempt is on the path") {
    const RunReport report = report_of(recorded({attempt(0, "a", 0s, 5s), attempt(1, "b", 5s, 9s)}));
    REQUIRE(report.path.size() == 1);
    CHECK(report.path[0] == Leg{.attempt = 1, .ready = 5s, .run = {5s, 9s}});
}

TEST_CASE("a failure comes with its last lines and with whom it took along") {
    Recorded all = recorded({attempt(0, "a", 0s, 5s)});
    all.attempts[0].outcome = Outcome{Ending::exit, 3, {}};
    all.attempts[0].log = "/logs/a.log";
    all.tasks[0].state = TaskState::failed;
    TaskRecord after = all.tasks[0];
    after.id = 1;
    after.name = "after";
    after.state = TaskState::cancelled;
    after.reason = "needs a[0], which failed";
    all.tasks.push_back(after);
    const RunReport report = report_of(std::move(all));
    REQUIRE(report.failures.size() == 1);
    CHECK(report.failures[0].outcome == "exit code 3");
    CHECK(report.failures[0].tail == "last words\n");
    CHECK(report.failures[0].cancelled == std::vector<std::string>{"after"});
}

TEST_CASE("what an attempt printed is read only once it has ended: until then its secrets are not masked") {
    Recorded all = recorded({attempt(0, "a", 0s, 5s)});
    all.attempts[0].outcome.reset();
    all.attempts[0].log = "/logs/a.log";
    all.tasks[0].state = TaskState::failed;
    CHECK(report_of(std::move(all)).failures.at(0).tail.empty());
}

TEST_CASE("a run that nobody saw end lasts to the last that is known of it") {
    Recorded all = recorded({attempt(0, "a", 0s, 5s)});
    all.run.ended.reset();
    all.run.state = RunState::interrupted;
    CHECK(report_of(all).length == 5s);
    all.run.state = RunState::running;
    all.asked_at = run_start + 60s;
    CHECK(report_of(all).length == 60s);
}

TEST_CASE("a run without attempts has a report too") {
    const RunReport report = report_of(recorded({}));
    CHECK(report.path.empty());
    CHECK(report_json(report).find("\"attempts\":{") != std::string::npos);
}

TEST_CASE("samples are spread over the peaks, the largest among them") {
    std::vector<AttemptRecord> attempts;
    std::vector<std::size_t> places;
    for (int at = 0; at < 50; ++at) {
        attempts.push_back(attempt(static_cast<TaskId>(at), "a", 0s, 1s));
        attempts.back().profile.memory_peak = Bytes{(at * 37 % 50) + 1};
        places.push_back(static_cast<std::size_t>(at));
    }
    const std::vector<Sample> samples = samples_of(attempts, places, 5);
    REQUIRE(samples.size() == 5);
    CHECK(attempts[samples.front().attempt].profile.memory_peak == 1_B);
    CHECK(attempts[samples.back().attempt].profile.memory_peak == 50_B);
}

TEST_CASE("in few segments the peak and the CPU time are what they were") {
    std::vector<Segment> many;
    double cpu = 0;
    for (int at = 1; at <= 100; ++at) {
        many.push_back({.until = at * 1s, .memory = Bytes{at == 61 ? 999 : at}, .cpu = {at % 3 * 0.5}});
        cpu += at % 3 * 0.5;
    }
    const std::vector<Segment> few = in_few(many, 7);
    REQUIRE(few.size() == 7);
    CHECK(few.back().until == 100s);
    Bytes peak{};
    double kept = 0;
    Duration from{};
    for (const Segment& one : few) {
        peak = std::max(peak, one.memory);
        kept += one.cpu.count * seconds(one.until - from);
        from = one.until;
    }
    CHECK(peak == 999_B);
    CHECK(kept == doctest::Approx(cpu));
}
