// SPDX-License-Identifier: Apache-2.0
// Recorded runs played again otherwise: the runs are simulated ones, so that what would have come of them is known.
#include "plimsoll/simulate/what_if.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "plimsoll/simulate/drawing.h"
#include "plimsoll/simulate/simulated_run.h"

using namespace plimsoll;
using namespace plimsoll::simulate;
using namespace std::chrono_literals;

namespace {

const Resources here = parse_resources("cpu=4 memory=8GiB").value();

/// What a run of the drawing leaves in the history, its tasks asking for 1 core and `request`. They use 500 MiB.
struct Recorded {
    RunRecord run;
    std::vector<AttemptRecord> attempts;
    std::vector<Receipt> receipts;
    Duration makespan{};
};

Recorded record(std::string_view text, Bytes request, Duration runtime = 10s, const RunnerTime& runner = {}) {
    Request asked;
    asked.cpu = 1_cores;
    asked.memory = request;
    const Drawing drawing = draw(text, asked).value();
    const auto forecaster = forecast::make_forecaster("request");
    const Truth truth = [=](const std::string&, int) { return Behaviour{.runtime = runtime, .memory_peak = 500_MiB}; };
    SimulatedRun run({.nodes = {{.id = 0, .name = "here", .capacity = here}}, .truth = truth, .store = {}},
                     *forecaster);
    run.engine().set_runner_time(runner.per_end, runner.per_start);
    workflow::FixedSource source(drawing.tasks);
    run.loop().add(source);
    REQUIRE(run.finish());
    Recorded recorded{.run = {.machine = "simulated", .capacity = here, .ended = run.clock().wall(), .owner = {}},
                      .makespan = run.clock().now().time_since_epoch()};
    for (auto& ended : run.store().all<history::AttemptEnded>()) recorded.attempts.push_back(ended.attempt);
    for (const Task& task : drawing.tasks) {
        Receipt receipt{.task_name = task.name, .command = {}, .inputs = {}, .outputs = {}};
        for (const std::string& input : task.inputs) receipt.inputs.push_back({.path = input, .content = {}});
        for (const OutputFile& output : task.outputs) receipt.outputs.push_back({.path = output.path, .content = {}});
        recorded.receipts.push_back(std::move(receipt));
    }
    return recorded;
}

Course course(const RecordedWork& work, const Alternative& how) {
    return what_if(work, how, {}, {.count = 1}).value().front();
}

}  // namespace

TEST_CASE("a run that is played as it went takes what it took") {
    const Recorded was = record("index; align*7 <- index; merge <- align", 2_GiB);
    const RecordedWork work = recorded_work(was.run, was.attempts, was.receipts);
    CHECK(work.tasks.size() == 9);
    CHECK(work.has_needs);
    const Course again = course(work, {.by_requests = true, .capacity = here});
    CHECK(again.makespan_s == doctest::Approx(seconds(was.makespan)).epsilon(0.01));
    double reserved = 0;
    for (const AttemptRecord& attempt : was.attempts) reserved += attempt.shaping.reserved_byte_seconds / 1e9 / 3600;
    CHECK(again.reserved_gbh == doctest::Approx(reserved).epsilon(0.01));
    CHECK(again.failed_attempts == 0);
}

// 40 tasks of 0.2 s on four cores would take 2 s; the runner takes a twentieth of a second for each end.
TEST_CASE("what the runner itself took is read off the records, and played too") {
    const Recorded was =
        record("index; align*40 <- index; merge <- align", 1_GiB, 200ms, {.per_end = 50ms, .per_start = 10ms});
    const RecordedWork work = recorded_work(was.run, was.attempts, was.receipts);
    CHECK(was.makespan > 3s);
    const Course again = course(work, {.by_requests = true, .capacity = here});
    CHECK(again.makespan_s == doctest::Approx(seconds(was.makespan)).epsilon(0.05));
}

// 9 tasks of 10 s one after another on one core; two waves fewer on eight.
TEST_CASE("a smaller machine takes longer, a larger one less, and what depends still waits") {
    const Recorded was = record("index; align*7 <- index; merge <- align", 1_GiB);
    const RecordedWork work = recorded_work(was.run, was.attempts, was.receipts);
    const auto on = [&](const char* capacity) {
        return course(work, {.by_requests = true, .capacity = parse_resources(capacity).value()}).makespan_s;
    };
    CHECK(on("cpu=1 memory=8GiB") == doctest::Approx(90).epsilon(0.01));
    CHECK(on("cpu=4 memory=8GiB") == doctest::Approx(40).epsilon(0.01));
    CHECK(on("cpu=8 memory=8GiB") == doctest::Approx(30).epsilon(0.01));
    CHECK(course(work, {.by_requests = true, .capacity = parse_resources("cpu=4 memory=4GiB").value(), .nodes = 2})
              .makespan_s == doctest::Approx(30).epsilon(0.01));
}

// Asked for 4 GiB each, two run beside each other; sized by what they use, four do, as many as there are cores.
TEST_CASE("sizes that were learnt waste less than requests and let more run beside each other") {
    const Recorded was = record("align*16", 4_GiB);
    const RecordedWork work = recorded_work(was.run, was.attempts, was.receipts);
    std::vector<Observation> before;
    for (const AttemptRecord& attempt : was.attempts)
        before.push_back({attempt.kind, attempt.features, attempt.profile, attempt.outcome->ending,
                          attempt.reserved.memory, attempt.reserved.cpu});
    const auto learnt = what_if(work, {.capacity = here}, before, {.count = 5}).value();
    const auto asked = what_if(work, {.by_requests = true, .capacity = here}, before, {.count = 5}).value();
    CHECK(estimate_of(asked).median.makespan_s == doctest::Approx(80).epsilon(0.01));
    CHECK(estimate_of(learnt).median.makespan_s == doctest::Approx(40).epsilon(0.05));
    CHECK(estimate_of(learnt).median.wasted_gbh < 0.3 * estimate_of(asked).median.wasted_gbh);
}

TEST_CASE("requests below the need kill tasks, which are tried again with more") {
    const Recorded was = record("align*4", 2_GiB);
    RecordedWork work = recorded_work(was.run, was.attempts, was.receipts);
    for (Step& step : work.steps) step.request.memory = 400_MiB;
    const Course killed = course(work, {.by_requests = true, .capacity = here});
    CHECK(killed.failed_attempts == 4);
    CHECK(killed.failed_tasks == 0);
}

TEST_CASE("where nobody knows who needs whom, tasks join when they did") {
    Recorded was = record("index; align*4 <- index", 1_GiB);
    for (AttemptRecord& attempt : was.attempts) attempt.wait = WaitRecord{.time = {}, .after = {}, .lack = {}};
    const RecordedWork work = recorded_work(was.run, was.attempts, {});
    CHECK_FALSE(work.has_needs);
    CHECK(work.arrivals.front() == Instant{});
    CHECK(work.arrivals.back() == Instant(10s));
    CHECK(course(work, {.by_requests = true, .capacity = here}).makespan_s == doctest::Approx(20).epsilon(0.01));
}

TEST_CASE("each draw is another one, the same seed gives the same draws, and the interval holds the middle") {
    Recorded was = record("align*12", 1_GiB);
    int number = 0;
    for (AttemptRecord& attempt : was.attempts) attempt.profile.runtime = Duration(1s) * ++number;
    const RecordedWork work = recorded_work(was.run, was.attempts, was.receipts);
    const Alternative how{.by_requests = true, .capacity = here};
    const auto first = what_if(work, how, {}, {.count = 15, .seed = 3}).value();
    CHECK(first == what_if(work, how, {}, {.count = 15, .seed = 3}).value());
    CHECK(first != what_if(work, how, {}, {.count = 15, .seed = 4}).value());
    const CourseEstimate estimate = estimate_of(first);
    CHECK(estimate.low.makespan_s < estimate.median.makespan_s);
    CHECK(estimate.median.makespan_s < estimate.high.makespan_s);
}

TEST_CASE("a policy that is not there is an error") {
    const Recorded was = record("a", 1_GiB);
    CHECK_FALSE(what_if(recorded_work(was.run, was.attempts, {}), {.policy = "best"}, {}, {}));
}
