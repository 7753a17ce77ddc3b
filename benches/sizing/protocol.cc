// SPDX-License-Identifier: Apache-2.0
#include "benches/sizing/protocol.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <utility>

namespace plimsoll::benches {
namespace {

constexpr double mib = 1 << 20;
constexpr int attempts_most = 200;  ///< a method whose retries do not grow must not hang the bench

double rounded(double amount, double node) { return std::min(node, std::max(32 * mib, std::ceil(amount / mib) * mib)); }

/// The attempts of one task until one succeeds, or fails with the whole node.
void run_task(const TraceTask& task, double first, Method& method, const MethodOptions& options, Score& score) {
    double allotted = rounded(first, options.node);
    int failed = 0;
    while (allotted < task.peak) {
        score.under_gbh += allotted * task.runtime_s * options.time_to_failure / byte_seconds_per_gbh;
        ++failed;
        if (allotted >= options.node || failed == attempts_most) break;
        allotted = rounded(method.retry(task, allotted, failed), options.node);
    }
    if (allotted >= task.peak) score.over_gbh += (allotted - task.peak) * task.runtime_s / byte_seconds_per_gbh;
    score.failed_attempts += failed;
    score.failed_tasks += failed > 0;
}

void count_promise(const TraceTask& task, Method& method, Score& score) {
    const std::optional<double> promised = method.promised(task);
    score.promised += promised.has_value();
    score.kept += promised && *promised >= task.peak;
}

std::vector<const TraceTask*> ordered(const std::vector<TraceTask>& tasks, double TraceTask::* when) {
    std::vector<const TraceTask*> order;
    for (const TraceTask& task : tasks) order.push_back(&task);
    std::stable_sort(order.begin(), order.end(),
                     [&](const TraceTask* a, const TraceTask* b) { return a->*when < b->*when; });
    return order;
}

}  // namespace

Score replay_causal(const std::vector<TraceTask>& trace, Method& method, const MethodOptions& options,
                    const Clock& clock, const std::set<std::size_t>& beforehand) {
    std::vector<TraceTask> tasks;
    Score score;
    std::set<std::string> known;
    const auto learn = [&](const TraceTask& task) {
        timed(clock, score.learn_us, [&] { method.learn(task); });
        known.insert(task.kind);
    };
    std::vector<TraceTask> before;
    for (TraceTask task : scored(trace)) {
        if (task.request <= 0) task.request = options.node;  // whoever asks for nothing may get all
        (beforehand.contains(task.row) ? before : tasks).push_back(std::move(task));
    }
    for (const TraceTask* task : ordered(before, &TraceTask::start_s)) learn(*task);
    const std::vector<const TraceTask*> by_start = ordered(tasks, &TraceTask::start_s);
    const std::vector<const TraceTask*> by_end = ordered(tasks, &TraceTask::complete_s);
    std::size_t ended = 0;
    for (const TraceTask* task : by_start) {
        for (; ended < by_end.size() && by_end[ended]->complete_s <= task->start_s; ++ended)
            if (by_end[ended] != task) learn(*by_end[ended]);
        const std::optional<double> said = timed(clock, score.forecast_us, [&] { return method.first(*task); });
        const double wasted_before = score.wastage_gbh();
        count_promise(*task, method, score);
        run_task(*task, std::min(said.value_or(task->request), task->request), method, options, score);
        if (!known.contains(task->kind)) score.cold_gbh += score.wastage_gbh() - wasted_before;
        ++score.tasks;
    }
    return score;
}

Score replay_split(const std::vector<TraceTask>& trace, const Splits& splits,
                   const std::function<std::unique_ptr<Method>()>& make, const MethodOptions& options,
                   const Clock& clock) {
    Score score;
    const auto row = [&trace](std::size_t at) {
        TraceTask task = trace[at];
        task.peak = task.rss;
        return task;
    };
    for (const auto& [kind, split] : splits.by_kind) {
        const std::unique_ptr<Method> method = make();
        for (const std::size_t at : split.learnt) timed(clock, score.learn_us, [&] { method->learn(row(at)); });
        for (const std::size_t at : split.scored) {
            const TraceTask task = row(at);
            double allotted =
                timed(clock, score.forecast_us, [&] { return method->first(task); }).value_or(task.request);
            count_promise(task, *method, score);
            int failed = 0;
            for (; allotted < task.peak && failed < attempts_most; allotted = method->retry(task, allotted, ++failed))
                score.under_gbh += allotted * task.runtime_s * options.time_to_failure / byte_seconds_per_gbh;
            score.over_gbh += (allotted - task.peak) * task.runtime_s / byte_seconds_per_gbh;
            score.failed_attempts += failed;
            score.failed_tasks += failed > 0;
            timed(clock, score.learn_us, [&] { method->learn(task); });
            ++score.tasks;
        }
    }
    return score;
}

}  // namespace plimsoll::benches
