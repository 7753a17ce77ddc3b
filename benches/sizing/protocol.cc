// SPDX-License-Identifier: Apache-2.0
#include "benches/sizing/protocol.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

namespace plimsoll::benches {
namespace {

constexpr double mib = 1 << 20;
constexpr double byte_seconds_per_gbh = 1e9 * 3600;

double rounded(double amount, double node) { return std::min(node, std::max(32 * mib, std::ceil(amount / mib) * mib)); }

double microseconds(Duration span) { return seconds(span) * 1e6; }

/// The attempts of one task until one succeeds, or fails with the whole node.
void run_task(const TraceTask& task, double first, Method& method, const MethodOptions& options, Score& score) {
    double allotted = rounded(first, options.node);
    int failed = 0;
    while (allotted < task.peak) {
        score.under_gbh += allotted * task.runtime_s * options.time_to_failure / byte_seconds_per_gbh;
        ++failed;
        if (allotted >= options.node) break;
        allotted = rounded(method.retry(task, allotted, failed), options.node);
    }
    if (allotted >= task.peak) score.over_gbh += (allotted - task.peak) * task.runtime_s / byte_seconds_per_gbh;
    score.failed_attempts += failed;
    score.failed_tasks += failed > 0;
}

}  // namespace

Score replay_cold(const std::vector<TraceTask>& trace, Method& method, const MethodOptions& options,
                  const Clock& clock) {
    std::vector<const TraceTask*> by_start;
    for (const TraceTask& task : trace)
        if (task.completed && task.peak > 0 && task.runtime_s > 0) by_start.push_back(&task);
    std::vector<const TraceTask*> by_end = by_start;
    const auto sort_by = [](auto& tasks, double TraceTask::* when) {
        std::stable_sort(tasks.begin(), tasks.end(),
                         [&](const TraceTask* a, const TraceTask* b) { return a->*when < b->*when; });
    };
    sort_by(by_start, &TraceTask::start_s);
    sort_by(by_end, &TraceTask::complete_s);

    Score score;
    std::set<std::string> known;
    std::size_t ended = 0;
    for (const TraceTask* task : by_start) {
        for (; ended < by_end.size() && by_end[ended]->complete_s <= task->start_s; ++ended) {
            if (by_end[ended] == task) continue;
            const Instant before = clock.now();
            method.learn(*by_end[ended]);
            score.learn_us.push_back(microseconds(clock.now() - before));
            known.insert(by_end[ended]->kind);
        }
        const Instant before = clock.now();
        const std::optional<double> said = method.first(*task);
        score.forecast_us.push_back(microseconds(clock.now() - before));
        const double wasted_before = score.wastage_gbh();
        run_task(*task, std::min(said.value_or(task->request), task->request), method, options, score);
        if (!known.contains(task->kind)) score.cold_gbh += score.wastage_gbh() - wasted_before;
        ++score.tasks;
    }
    return score;
}

}  // namespace plimsoll::benches
