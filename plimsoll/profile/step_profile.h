// SPDX-License-Identifier: Apache-2.0
// A run's records -> what each of its steps used, how long its tasks took, what went wrong, and what passed
// between it and the others.
//
// Bytes between steps come from receipts: an input that is a task's declared output, or lies in a folder that
// is one, was handed over by that task's step. So a need without a file (`needs:`), and a task without a receipt
// (it never came to its end), do not show.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "plimsoll/model/receipt.h"
#include "plimsoll/model/run.h"

namespace plimsoll::profile {

/// Of a quantity over the attempts of a step.
template <class Amount>
struct Spread {
    Amount least{}, median{}, most{};
    bool operator==(const Spread&) const = default;
};

/// What one step read from another, or handed to it.
struct Handover {
    std::string step;  ///< "": files that no step of the run made
    std::uint32_t files = 0;
    Bytes bytes{};
    bool operator==(const Handover&) const = default;
};

struct StepProfile {
    std::string step;
    std::uint32_t finished = 0, up_to_date = 0, failed = 0, cancelled = 0;  ///< tasks

    std::uint32_t attempts = 0;  ///< that have ended
    std::uint32_t retries = 0;   ///< attempts beyond each task's first
    std::array<std::uint32_t, ending_count> endings{};
    std::uint32_t measured = 0;  ///< attempts of which something is known of memory

    std::optional<Spread<Duration>> runtime;   ///< of attempts that finished; none did: nothing
    std::optional<Spread<Bytes>> memory_peak;  ///< of those that were measured
    std::optional<Spread<Bytes>> memory_reserved;
    /// Totals over all attempts, failed ones too; peaks are the largest.
    Profile sum;
    std::vector<Handover> reads;  ///< from which steps; those outside of the run last
    std::vector<Handover> hands;  ///< to which steps
};

/// The steps in the order in which their first tasks joined. `receipts`: the latest ones of the workflow.
std::vector<StepProfile> step_profiles(std::span<const TaskRecord> tasks, std::span<const AttemptRecord> attempts,
                                       std::span<const Receipt> receipts);

}  // namespace plimsoll::profile
