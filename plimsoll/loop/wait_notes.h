// SPDX-License-Identifier: Apache-2.0
// What is noted while tasks wait, for the record of why they did (WaitRecord).
#pragma once

#include <optional>
#include <string>

#include "plimsoll/base/time.h"
#include "plimsoll/model/task.h"

namespace plimsoll::loop {

struct BecameReady {
    Instant at{};
    std::optional<TaskId> after;  ///< whose end it was
};

/// What the first in line lacked when starts were last decided; told of who stood in line then.
struct Line {
    Instant at = Instant::min();
    std::string lack;
};

}  // namespace plimsoll::loop
