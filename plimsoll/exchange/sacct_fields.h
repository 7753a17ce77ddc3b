// SPDX-License-Identifier: Apache-2.0
// The values of sacct's columns, as `sacct -P` writes them: see sacct(1). Nothing where the text is none of them.
#pragma once

#include <optional>
#include <string_view>

#include "plimsoll/base/time.h"
#include "plimsoll/base/units.h"

namespace plimsoll::exchange {

/// "1-02:03:04", "02:03:04", "03:04.567" (minutes and seconds), "17" (seconds, as ElapsedRaw). "UNLIMITED",
/// "Partition_Limit" and the like are no time.
std::optional<Duration> sacct_duration(std::string_view text);

/// "12345K", "12.06M", "1.5G", "4096" (bytes); Slurm's units are binary. `unit`: of a number without one.
std::optional<Bytes> sacct_bytes(std::string_view text, Bytes unit = Bytes{1});

/// ReqMem: "4G" (the job's; MB without a unit), "4Gc" (of each CPU), "4Gn" (of each node). 0 asks for all or nothing in
/// particular, and is no amount.
std::optional<Bytes> sacct_requested(std::string_view text, double cpus, double nodes);

/// "16G" of "billing=4,cpu=4,mem=16G,node=1" for "mem"; empty where it is not in it.
std::string_view tres_value(std::string_view tres, std::string_view name);
/// gres/gpu, or the sum of gres/gpu:TYPE where only those are there.
double tres_gpus(std::string_view tres);

/// "2026-11-21T04:47:42", taken as UTC: sacct writes local time without saying which.
std::optional<WallTime> sacct_time(std::string_view text);

/// A whole or fractional number.
std::optional<double> sacct_number(std::string_view text);

enum class SacctState { completed, failed, out_of_memory, timeout, preempted, node_fail, cancelled, not_ended };
/// "COMPLETED", "CANCELLED by 1000", "OUT_OF_ME+" (as the fixed columns cut it).
std::optional<SacctState> sacct_state(std::string_view text);

/// "12_3+1.batch": the job "12_3+1" and its step "batch"; no step: the job itself.
struct SacctId {
    std::string_view job, step;
};
/// Nothing where the text does not begin as a job's number does.
std::optional<SacctId> sacct_id(std::string_view text);

}  // namespace plimsoll::exchange
