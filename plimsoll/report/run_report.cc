// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/report/run_report.h"

#include <algorithm>
#include <functional>
#include <map>
#include <unordered_map>

#include "plimsoll/report/failures.h"
#include "plimsoll/report/samples.h"

namespace plimsoll::report {
namespace {

constexpr std::size_t points_of_run = 400;
constexpr std::size_t points_of_step = 200;
constexpr std::size_t samples_of_run = 600;  ///< over all steps, so that many steps do not make a large page
constexpr std::size_t samples_of_step = 24;

/// The end of a run under way, or of one that nobody saw end, is the last that is known of it.
Duration length_of(const Recorded& recorded) {
    const RunRecord& run = recorded.run;
    if (run.ended) return *run.ended - run.started;
    if (run.state == RunState::running) return std::max(Duration{}, recorded.asked_at - run.started);
    WallTime last = run.started;
    for (const AttemptRecord& attempt : recorded.attempts)
        last = std::max(last, attempt.ended.value_or(attempt.started));
    return last - run.started;
}

using DecisionsOf = std::map<AttemptId, std::vector<const Decision*>>;

DecisionsOf by_attempt(const std::vector<Decision>& decisions) {
    DecisionsOf of;
    for (const Decision& decision : decisions) {
        const bool changes = decision.action != "size" && decision.action != "start" && decision.action != "clamp";
        if (decision.task && changes) of[{*decision.task, decision.attempt}].push_back(&decision);
    }
    return of;
}

std::vector<AttemptTimes> times_of_all(const Recorded& recorded, Duration end) {
    const DecisionsOf decisions = by_attempt(recorded.decisions);
    std::vector<AttemptTimes> times;
    times.reserve(recorded.attempts.size());
    for (const AttemptRecord& attempt : recorded.attempts) {
        const auto own = decisions.find(attempt.id);
        const std::span<const Decision* const> about =
            own == decisions.end() ? std::span<const Decision* const>() : own->second;
        times.push_back(times_of(attempt, about, recorded.run.started, end));
    }
    return times;
}

OverTime empty_over_time(Duration length, std::size_t points) {
    const Series none = empty_series(length, points);
    return {none, none, none};
}

void add(OverTime& sum, const AttemptRecord& attempt, const AttemptTimes& times) {
    add(sum.reserved, times.reserved);
    add(sum.used, times.used);
    const double memory = static_cast<double>(attempt.request.memory.value_or(attempt.reserved.memory).count);
    add(sum.requested, {times.run, memory, attempt.request.cpu.value_or(attempt.reserved.cpu).count});
}

/// The attempts of each step, by their places.
using Places = std::unordered_map<std::string, std::vector<std::size_t>>;

StepReport step_report(const RunReport& report, const std::string& step, const std::vector<std::size_t>& places,
                       std::size_t most_samples) {
    StepReport told{.step = step};
    for (const TaskRecord& task : report.tasks)
        if (task.kind.step == step) {
            told.request = task.request;
            break;
        }
    told.over_time = empty_over_time(report.length, points_of_step);
    std::vector<AttemptRecord> own;
    for (const std::size_t at : places) {
        own.push_back(report.attempts[at]);
        add(told.over_time, report.attempts[at], report.times[at]);
        if (!told.forecast || report.attempts[*told.forecast].started <= report.attempts[at].started)
            told.forecast = at;
    }
    const loop::Summary summary = loop::summarize(report.run, {}, own);
    told.memory = summary.memory;
    told.cpu = summary.cpu;
    told.samples = samples_of(report.attempts, places, most_samples);
    return told;
}

std::vector<StepReport> step_reports(const RunReport& report) {
    Places places;
    for (std::size_t at = 0; at < report.attempts.size(); ++at) places[report.attempts[at].kind.step].push_back(at);
    const std::size_t steps = std::max<std::size_t>(1, report.profiles.size());
    const std::size_t most_samples = std::clamp<std::size_t>(samples_of_run / steps, 3, samples_of_step);
    std::vector<StepReport> told;
    for (const profile::StepProfile& profile : report.profiles)
        told.push_back(step_report(report, profile.step, places[profile.step], most_samples));
    return told;
}

std::vector<Standstill> standstills_of(const Recorded& recorded) {
    std::vector<Standstill> all;
    for (const Decision& decision : recorded.decisions)
        if (decision.action == "wait") all.push_back({decision.at - recorded.run.started, decision.reason});
    return all;
}

void add_waits(RunReport& report) {
    std::unordered_map<TaskId, std::string> queue_of;
    for (const TaskRecord& task : report.tasks) queue_of[task.id] = task.queue;
    std::vector<std::string> steps, queues;
    for (const AttemptRecord& attempt : report.attempts) {
        steps.push_back(attempt.kind.step);
        queues.push_back(queue_of[attempt.id.task]);
    }
    report.waits_by_step = waits_of(report.attempts, report.times, steps, report.run.capacity);
    if (std::ranges::adjacent_find(queues, std::not_equal_to<>()) != queues.end())
        report.waits_by_queue = waits_of(report.attempts, report.times, queues, report.run.capacity);
}

}  // namespace

RunReport make_report(Recorded recorded, const ReadTail& read_tail) {
    RunReport report;
    report.run = recorded.run;
    report.length = length_of(recorded);
    report.summary = loop::summarize(recorded.run, recorded.tasks, recorded.attempts);
    report.profiles = profile::step_profiles(recorded.tasks, recorded.attempts, recorded.receipts);
    report.times = times_of_all(recorded, report.length);
    report.standstills = standstills_of(recorded);
    report.tasks = std::move(recorded.tasks);
    report.attempts = std::move(recorded.attempts);
    report.over_time = empty_over_time(report.length, points_of_run);
    for (std::size_t at = 0; at < report.attempts.size(); ++at)
        add(report.over_time, report.attempts[at], report.times[at]);
    report.path = slowest_path(report.attempts, report.times);
    add_waits(report);
    report.steps = step_reports(report);
    for (StepReport& step : report.steps) step.known = recorded.known[step.step];
    add_failures(report, read_tail);
    return report;
}

}  // namespace plimsoll::report
