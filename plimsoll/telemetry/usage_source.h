// SPDX-License-Identifier: Apache-2.0
// UsageSource: reads what running attempts use, and what the machine has left. Real counters in live
// runs, simulated ones in simulation.
#pragma once

#include <optional>

#include "plimsoll/base/units.h"
#include "plimsoll/model/plan.h"
#include "plimsoll/model/profile.h"
#include "plimsoll/model/task.h"

namespace plimsoll::telemetry {

class UsageSource {
public:
    virtual ~UsageSource() = default;
    /// From here on `sample` reads this attempt.
    virtual void watch(AttemptId attempt, const Placement& placement, Instant now) = 0;
    /// Its counters now; nothing when they cannot be read (it has just ended, its group has vanished).
    virtual std::optional<Usage> sample(AttemptId attempt, Instant now) = 0;
    /// Its totals and high-water marks once its last process has ended, watched or not, as far as they
    /// still stand; `memory` and `processes` say nothing then. From here on it is not watched.
    virtual std::optional<Usage> close(AttemptId attempt, const Placement& placement, Instant now) = 0;
    /// Memory that processes which are not ours use on this machine now; nothing when unknown.
    virtual std::optional<Bytes> memory_used_by_others() = 0;
    /// "cgroup-v1", "cgroup-v2", "hybrid", "proc", "simulated".
    virtual std::string_view kind() const = 0;
};

}  // namespace plimsoll::telemetry
