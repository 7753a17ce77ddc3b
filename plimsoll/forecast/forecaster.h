// SPDX-License-Identifier: Apache-2.0
// Forecaster: Features and what was learnt -> Forecast. Learns from each finished attempt as it comes;
// deterministic for a given history. One thread at a time.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "plimsoll/base/background.h"
#include "plimsoll/forecast/runtime_line.h"
#include "plimsoll/model/forecast.h"

namespace plimsoll::forecast {

/// What a live run should add to a memory bound. Peaks are sampled at 10 Hz, so what is allocated and
/// freed between two samples is not in them; and the hard limit also has to hold the page cache of the
/// reads in flight, without which a task does not die but crawls. 16 MiB is a few readahead windows
/// (128 KiB each) of some dozen files and the noise of an allocator's arenas.
constexpr Bytes live_headroom{16 << 20};
/// No attempt is given less unless the user asks for less: a shell and a few small programs already fill half of it.
constexpr Bytes least_memory{32 << 20};
/// No reservation of fewer cores unless asked for: more than ten tasks on a core gain nothing and cost switches.
constexpr Cores least_cpu{0.1};

/// How the user's word and the machine bound a forecast.
struct Terms {
    Request request;
    bool may_exceed_request = false;  ///< on a first attempt
    double failure_weight = 1;  ///< what a failed task costs beside its memory x time, in units of its peak x runtime:
                                ///< thrifty 0 ... safe 10
    std::optional<Duration> growth_stall = {};  ///< a task that needs more than its curve is grown in place and stands
                                                ///< still so long; none: it is killed
    Bytes memory_headroom{};                    ///< added to what was learnt: live_headroom in live runs
    Cores machine_cpu{1};
    Bytes machine_memory{};
};

class Forecaster {
public:
    virtual ~Forecaster() = default;
    /// Finished attempts, grown ones too, teach memory, cores and runtime; those that ran out of memory or time
    /// teach "more than", those that had to make room "at least"; the others nothing. In the order in which they ended.
    virtual void learn(const Observation& observation) = 0;
    /// The same of a kind that nothing will be asked of: what it says of its tool, and what it has in common with
    /// others.
    virtual void learn_of_tool(const Observation& observation) = 0;
    /// The same of one whose tool nothing will be asked of either: only what it has in common with others.
    virtual void learn_in_passing(const Observation& observation) = 0;
    /// While it is on, choices that cost milliseconds are put off; they are made when it ends. For much at once.
    virtual void put_off_choices(bool on) = 0;
    virtual Forecast forecast(const TaskKind& kind, const Features& features, const Terms& terms) const = 0;
    /// What to reserve after an attempt ran out of memory at `limit`, the `failed`th of this task: more
    /// than that, the user's request or not, but never more than the machine.
    virtual Bytes retry_memory(const TaskKind& kind, const Features& features, const Terms& terms, Bytes limit,
                               int failed) const = 0;
    /// How the runtime of a kind goes with its input, on that machine; nothing where that was not learnt.
    virtual std::optional<RuntimeLine> runtime_line(const TaskKind&, const std::string& /*machine*/) const {
        return std::nullopt;
    }
    /// All that was learnt, for `restore` of a forecaster made with the same options; "" where nothing ever is.
    virtual std::string state() = 0;
    /// Into a fresh one. False where that is no state of this version; it is fresh then, too.
    virtual bool restore(std::string_view state) = 0;
};

struct ForecasterOptions {
    Background* background = nullptr;  ///< for choices that cost milliseconds; outlives the forecaster; null: in line
    // The terms that will be asked for, so that nothing has to be chosen anew for the first of them.
    double failure_weight = 1;
    std::optional<Duration> growth_stall = {};
};

/// The family's table. "replayed-cost": learns; "request": the user's word alone. Null for other names.
std::unique_ptr<Forecaster> make_forecaster(std::string_view name, const ForecasterOptions& options = {});

}  // namespace plimsoll::forecast
