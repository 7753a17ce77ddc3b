// SPDX-License-Identifier: Apache-2.0
// LimitWriter: holds running attempts to their limits, lets them wait and go on, and tells which of them are
// about to need more. Cgroups of every kind on a machine, signals where there are none, simulated ones in
// simulation.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/base/result.h"
#include "plimsoll/model/limits.h"
#include "plimsoll/model/plan.h"
#include "plimsoll/model/task.h"

namespace plimsoll::shape {

/// What can be done to attempts here. What cannot is no error: the loop does without.
struct Abilities {
    bool limits_memory = false;  ///< the hard limit on memory holds, and can be moved while an attempt runs
    bool notices = false;        ///< take_pressed tells of memory that passes the notice mark
    bool freezes = false;
};

/// An attempt that asks to be looked at now.
struct Pressed {
    AttemptId attempt;
    bool is_stalled = false;  ///< it stands at its hard limit, held there instead of being killed
    bool operator==(const Pressed&) const = default;
};

/// Something that is not as it was set, in words a user understands.
struct Deviation {
    enum class Kind { limit_changed, left_group, group_vanished };
    Kind kind = Kind::limit_changed;
    std::string detail;  ///< "its memory limit was changed from 512 MiB to 256 MiB by somebody else"
};

class LimitWriter {
public:
    virtual ~LimitWriter() = default;
    virtual Abilities abilities() const = 0;

    /// From here on the attempt can be shaped; the engine started it with these limits.
    virtual void watch(AttemptId attempt, const Placement& placement, const Limits& limits) = 0;
    /// It has ended. A frozen one is not thawed.
    virtual void forget(AttemptId attempt) = 0;

    /// Writes what differs from what was set before. refused: more memory than that is in use and cannot be freed
    /// (what could be written is written); not_found: its group has vanished; unavailable: no permission. The limits
    /// that hold are then those of before.
    virtual Result<void> set(AttemptId attempt, const Limits& limits) = 0;

    /// Stops the attempt's whole tree where it stands, or lets it go on; again is no error. Takes effect within
    /// milliseconds, but for a process that waits in the kernel.
    virtual Result<void> freeze(AttemptId attempt) = 0;
    virtual Result<void> thaw(AttemptId attempt) = 0;

    /// Attempts that passed their notice mark, or stand at their limit, since the last call, each once.
    virtual std::vector<Pressed> take_pressed() = 0;
    /// Compares what holds with what was set; costs a few reads. Each deviation is told once.
    virtual std::optional<Deviation> inspect(AttemptId attempt) = 0;
    /// Readable when take_pressed has something to tell; -1: ask at every look. It stays the writer's.
    virtual int wake_fd() const { return -1; }
};

}  // namespace plimsoll::shape
