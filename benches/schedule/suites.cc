// SPDX-License-Identifier: Apache-2.0
#include "benches/schedule/suites.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "benches/schedule/batch.h"
#include "benches/schedule/gpu_policies.h"
#include "benches/schedule/gpu_run.h"

namespace plimsoll::benches {
namespace {

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

double mean_over_windows(const BatchTrace& trace, const BatchRun& run) {
    double sum = 0;
    for (const std::size_t begin : published_windows)
        sum += bounded_slowdown(std::span(trace.jobs).subspan(begin, window_jobs), run);
    return sum / static_cast<double>(std::size(published_windows));
}

}  // namespace

Result<std::vector<BatchRow>> run_rlscheduler(std::span<const std::string> files, const Note& note) {
    std::vector<BatchRow> rows;
    for (const std::string& file : files) {
        const BatchTrace trace = PLIM_TRY(read_batch_trace(file));
        note(fmt::format("rlscheduler: {}", trace_name(file)));
        for (const BatchMode mode : batch_modes)
            for (const bool backfill : {false, true})
                for (const BatchOrder order : batch_orders)
                    rows.push_back(
                        {.mode = std::string(name_of(mode)),
                         .trace = trace_name(file),
                         .policy = std::string(name_of(order)),
                         .backfill = backfill,
                         .bounded_slowdown = mean_over_windows(
                             trace,
                             {.mode = mode, .order = order, .backfill = backfill, .processors = trace.processors})});
    }
    return rows;
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
