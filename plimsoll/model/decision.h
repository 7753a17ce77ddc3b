// SPDX-License-Identifier: Apache-2.0
// The append-only record of what Plimsoll did and why; `plimsoll explain` prints it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "plimsoll/base/time.h"
#include "plimsoll/model/task.h"

namespace plimsoll {

struct Decision {
    WallTime at{};
    std::optional<TaskId> task;  ///< none: about the run
    int attempt = 0;
    std::string action;     ///< "size", "clamp", "start", "retry", "skip", "wait", "cancel", "set_aside", "adopt",
                            ///< "grow", "shrink", "follow", "freeze", "thaw", "preempt", "limit", "split", "prefetch",
                            ///< "pilot", "checkpoint", "reserve"
    std::string subject;    ///< what it changed: "memory", "cpu", "time", "order"
    std::string old_value;  ///< as text with its unit; empty: there was none
    std::string new_value;
    std::string reason;  ///< in words a user understands
    std::string model;   ///< forecast model and version; empty where none took part
    std::uint32_t samples = 0;
    std::optional<double> confidence;  ///< measured, never invented
    bool operator==(const Decision&) const = default;
};

}  // namespace plimsoll
