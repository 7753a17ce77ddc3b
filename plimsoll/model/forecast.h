// SPDX-License-Identifier: Apache-2.0
// What a task is expected to need, with where that comes from. A prediction is a distribution with its
// provenance; confidence is measured coverage and absent where there is none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/base/result.h"
#include "plimsoll/base/time.h"
#include "plimsoll/base/units.h"
#include "plimsoll/model/growth_rule.h"
#include "plimsoll/model/outcome.h"
#include "plimsoll/model/profile.h"
#include "plimsoll/model/task.h"

namespace plimsoll {

/// One quantity: its median, and the value that is reserved.
struct Estimate {
    double p50 = 0;                  ///< bytes, cores or seconds
    double bound = 0;                ///< what to reserve; at least p50
    std::optional<double> stated;    ///< the probability with which the bound is promised to hold
    std::optional<double> measured;  ///< the share of past instances whose bound, stated beforehand, did hold
    bool operator==(const Estimate&) const = default;
};

/// The nearest history there was: this kind, its tool in other workflows, the workflow, everything, or
/// none but the user's word.
enum class Provenance { kind, tool, workflow, all, request };
std::string_view name_of(Provenance source);
Result<Provenance> parse_provenance(std::string_view name);

/// Bytes that a task is expected to move in its whole run, as its profile counts them. Nothing where none of its kind
/// was seen to move any.
struct Transfers {
    std::optional<Estimate> read, written;   ///< from and to disks
    std::optional<Estimate> received, sent;  ///< over the network
    bool operator==(const Transfers&) const = default;
};

/// Demand + where it came from.
struct Forecast {
    Estimate memory;  ///< bytes, peak of anon + shmem
    /// An upper bound of the peak that holds with the stated probability, if the task is like those before it; bounded
    /// by neither request nor machine. It is what can be said, not what is reserved, and not kept in history. None:
    /// too few instances to promise anything.
    std::optional<Estimate> memory_promised = {};
    Estimate cpu;      ///< cores
    Estimate runtime;  ///< seconds on the given cores; 0: unknown
    int threads = 1;   ///< what {cpu} in the command becomes: the user's word, not the cores that were seen busy,
                       ///< lest a task that got fewer threads look as if it needed fewer and never get them back
    std::vector<Segment> curve;  ///< memory and cpu over the task's own time; empty: flat at the bounds
    Transfers transfers = {};    ///< of its own kind alone; told, not reserved, and not kept in history
    GrowthRule growth = {};      ///< for what needs more than is held for it; not kept in history
    Provenance source = Provenance::request;
    std::string model;          ///< what chose the memory bound: "replayed-cost(line x 1.12)", "request", "default"
    std::uint32_t samples = 0;  ///< finished instances it rests on
    bool is_untried = false;    ///< nothing says what its kind needs, and the first of it to finish will: a hint to
                                ///< whoever decides what starts; not kept in history
    bool operator==(const Forecast&) const = default;
};

/// One finished (or censored) attempt as models learn from it.
struct Observation {
    TaskKind kind;
    Features features;
    Profile profile;
    Ending ending = Ending::finished;
    Bytes reserved_memory{};
    Cores reserved_cpu{};
};

}  // namespace plimsoll
