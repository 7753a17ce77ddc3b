// SPDX-License-Identifier: Apache-2.0
#include "benches/schedule/suites.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <numeric>

#include "benches/schedule/batch.h"
#include "benches/schedule/gpu_policies.h"
#include "benches/schedule/gpu_run.h"

namespace plimsoll::benches {
namespace {

constexpr std::size_t drawn_window_count = 50;
constexpr std::uint64_t window_seed = 1;

/// "lublin_256" of ".../lublin_256.swf.gz".
std::string trace_name(const std::string& file) {
    const std::string name = std::filesystem::path(file).filename().string();
    return name.substr(0, name.find(".swf"));
}

struct BatchTrace {
    std::vector<BatchJob> jobs;
    double processors = 0;
};

Result<BatchTrace> read_batch_trace(const std::string& file) {
    const simulate::SwfTrace trace = PLIM_TRY(simulate::read_swf(file));
    if (!trace.processors)
        return invalid(fmt::format("{}: no comment '; MaxProcs: N' says how large the machine is; add one", file));
    BatchTrace batch{.jobs = batch_jobs(trace), .processors = *trace.processors};
    const std::size_t needed =
        *std::max_element(std::begin(published_windows), std::end(published_windows)) + window_jobs;
    if (batch.jobs.size() < needed)
        return invalid(fmt::format("{}: {} jobs that ran; the windows need {}", file, batch.jobs.size(), needed));
    for (const BatchJob& job : batch.jobs)
        if (job.processors > batch.processors)
            return invalid(
                fmt::format("{}: a job of {} processors on a machine of {}; correct MaxProcs or leave it out", file,
                            job.processors, batch.processors));
    return batch;
}

/// Of a slowdown for each window that begins at one of these jobs.
template <class Slowdown>
std::vector<double> over_windows(const BatchTrace& trace, std::span<const std::size_t> begins, Slowdown slowdown) {
    std::vector<double> slowdowns;
    for (const std::size_t begin : begins)
        slowdowns.push_back(slowdown(std::span(trace.jobs).subspan(begin, window_jobs)));
    return slowdowns;
}

double mean(std::span<const double> values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

std::vector<double> rival_slowdowns(const BatchTrace& trace, std::span<const std::size_t> begins, BatchRun run) {
    run.processors = trace.processors;
    return over_windows(trace, begins, [&](auto jobs) { return bounded_slowdown(jobs, run); });
}

std::vector<double> own_slowdowns(const BatchTrace& trace, std::span<const std::size_t> begins) {
    return over_windows(trace, begins, [&](auto jobs) { return own_bounded_slowdown(jobs, trace.processors); });
}

void compare(const BatchTrace& trace, const std::string& name, const std::string& windows,
             std::span<const std::size_t> begins, BatchTable& table, Rng& rng) {
    const std::vector<double> own = own_slowdowns(trace, begins);
    for (const BatchOrder order : {BatchOrder::f1, BatchOrder::wfp3, BatchOrder::unicep}) {
        const std::vector<double> rival =
            rival_slowdowns(trace, begins, {.mode = BatchMode::easy, .order = order, .backfill = true});
        table.comparisons.push_back({.trace = name,
                                     .windows = windows,
                                     .rival = fmt::format("EASY-{}", name_of(order)),
                                     .difference = paired_difference(own, rival, rng)});
    }
}

std::vector<std::size_t> drawn_windows(const BatchTrace& trace, Rng& rng) {
    std::vector<std::size_t> begins(drawn_window_count);
    const auto last = static_cast<std::int64_t>(trace.jobs.size() - window_jobs);
    for (std::size_t& begin : begins) begin = static_cast<std::size_t>(rng.between(0, last));
    return begins;
}

}  // namespace

Result<BatchTable> run_rlscheduler(std::span<const std::string> files, const Note& note) {
    BatchTable table;
    for (const std::string& file : files) {
        const BatchTrace trace = PLIM_TRY(read_batch_trace(file));
        const std::string name = trace_name(file);
        note(fmt::format("rlscheduler: {}", name));
        const auto add = [&](std::string_view mode, bool backfill, std::string_view policy, double slowdown) {
            table.rows.push_back({std::string(mode), name, std::string(policy), backfill, slowdown});
        };
        for (const BatchMode mode : batch_modes)
            for (const bool backfill : {false, true})
                for (const BatchOrder order : batch_orders)
                    add(name_of(mode), backfill, name_of(order),
                        mean(rival_slowdowns(trace, published_windows,
                                             {.mode = mode, .order = order, .backfill = backfill})));
        add("own", true, "plimsoll", mean(own_slowdowns(trace, published_windows)));
        Rng rng(window_seed);
        compare(trace, name, "published", published_windows, table, rng);
        compare(trace, name, "drawn", drawn_windows(trace, rng), table, rng);
    }
    return table;
}

Result<std::vector<GpuRow>> run_openb(const std::string& folder, const Note& note) {
    std::vector<GpuRow> rows;
    const std::vector<GpuLoad> loads = PLIM_TRY(read_gpu_loads(folder));
    for (const GpuLoad& load : loads) {
        for (const std::string_view policy : gpu_policy_names()) {
            note(fmt::format("openb {}: {}", load.name, policy));
            for (const std::uint64_t seed : gpu_seeds)
                for (const GpuPoint& point : run_gpu_load(load, policy, seed))
                    rows.push_back({.workload = load.name,
                                    .policy = std::string(policy),
                                    .seed = seed,
                                    .load = point.load,
                                    .gpu_allocated = point.allocated});
        }
    }
    return rows;
}

}  // namespace plimsoll::benches
