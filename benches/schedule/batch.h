// SPDX-License-Identifier: Apache-2.0
// Batch scheduling by priority functions on one pool of processors, as RLScheduler (Zhang et al., SC 2020) compares
// them: average bounded slowdown over windows of a trace. Rivals, in our own words.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "plimsoll/simulate/traces/swf.h"

namespace plimsoll::benches {

struct BatchJob {
    double submit_s = 0;
    double run_s = 0;
    double requested_s = 0;
    double processors = 0;
};

/// The jobs that count, in order of id: a negative runtime is 10 s, one of 0 is dropped; processors are the larger of
/// allocated and requested; an unknown requested time is the runtime.
std::vector<BatchJob> batch_jobs(const simulate::SwfTrace& trace);

enum class BatchOrder { fcfs, wfp3, unicep, sjf, f1 };
inline constexpr BatchOrder batch_orders[] = {BatchOrder::fcfs, BatchOrder::wfp3, BatchOrder::unicep, BatchOrder::sjf,
                                              BatchOrder::f1};
std::string_view name_of(BatchOrder order);

/// repo: as the published code does it, one event per decision and waits that are no waits. fix: the same with true
/// waits, sorted again at each decision. easy: all events of an instant first, then EASY backfilling (Lifka 1995).
enum class BatchMode { repo, fix, easy };
inline constexpr BatchMode batch_modes[] = {BatchMode::repo, BatchMode::fix, BatchMode::easy};
std::string_view name_of(BatchMode mode);

struct BatchRun {
    BatchMode mode = BatchMode::easy;
    BatchOrder order = BatchOrder::fcfs;
    bool backfill = false;
    double processors = 0;
};

/// The mean over the jobs of max(1, (wait + run) / max(run, 10 s)); the machine is empty at first. Jobs in order of
/// submission, none larger than the machine.
double bounded_slowdown(std::span<const BatchJob> jobs, const BatchRun& run);
double bounded_slowdown(std::span<const BatchJob> jobs, std::span<const double> starts_s);

/// Where the published windows begin, and how many jobs each has.
inline constexpr std::size_t published_windows[] = {1981, 2756, 4299, 8850, 3316, 2714, 5228, 7762, 4022, 7085};
inline constexpr std::size_t window_jobs = 1024;

}  // namespace plimsoll::benches
