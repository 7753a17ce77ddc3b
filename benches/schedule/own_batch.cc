// SPDX-License-Identifier: Apache-2.0
#include "benches/schedule/own_batch.h"

#include <algorithm>
#include <numeric>

#include "plimsoll/base/check.h"
#include "plimsoll/schedule/dry_run.h"

namespace plimsoll::benches {
namespace {

constexpr std::size_t resamples = 2000;

double mean(std::span<const double> values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double median(std::span<const double> values) {
    std::vector<double> sorted(values.begin(), values.end());
    std::sort(sorted.begin(), sorted.end());
    return (sorted[(sorted.size() - 1) / 2] + sorted[sorted.size() / 2]) / 2;
}

}  // namespace

double own_bounded_slowdown(std::span<const BatchJob> jobs, double processors) {
    std::vector<schedule::DryTask> tasks;
    tasks.reserve(jobs.size());
    for (const BatchJob& job : jobs)
        tasks.push_back({.amounts = {.cpu = Cores{job.processors}},
                         .runtime = from_seconds(job.requested_s),
                         .takes = from_seconds(job.run_s),
                         .needs = {},
                         .arrives = from_seconds(job.submit_s - jobs.front().submit_s),
                         .submission = static_cast<std::uint32_t>(tasks.size())});
    const Node machine{.id = 0, .name = "machine", .capacity = {.cpu = Cores{processors}}};
    const schedule::DryRun run = schedule::dry_run(tasks, std::span(&machine, 1));
    PLIM_CHECK(run.starts.size() == jobs.size(), "each job starts once");
    std::vector<double> starts_s(jobs.size());
    for (const schedule::DryStart& start : run.starts)
        starts_s[start.task] = jobs.front().submit_s + seconds(start.start);
    return bounded_slowdown(jobs, starts_s);
}

PairedDifference paired_difference(std::span<const double> own, std::span<const double> rival, Rng& rng) {
    PLIM_CHECK(own.size() == rival.size() && !own.empty(), "windows come in pairs");
    std::vector<double> differences(own.size());
    for (std::size_t at = 0; at < own.size(); ++at) differences[at] = own[at] - rival[at];
    std::vector<double> means;
    for (std::size_t sample = 0; sample < resamples; ++sample) {
        double sum = 0;
        for (std::size_t at = 0; at < differences.size(); ++at)
            sum += differences[static_cast<std::size_t>(rng.between(0, static_cast<int>(differences.size()) - 1))];
        means.push_back(sum / static_cast<double>(differences.size()));
    }
    std::sort(means.begin(), means.end());
    return {.windows = own.size(),
            .own = mean(own),
            .rival = mean(rival),
            .own_median = median(own),
            .rival_median = median(rival),
            .difference = mean(differences),
            .low = means[resamples / 40],
            .high = means[resamples - 1 - resamples / 40],
            .better = static_cast<std::size_t>(
                std::count_if(differences.begin(), differences.end(), [](double each) { return each < 0; }))};
}

}  // namespace plimsoll::benches
