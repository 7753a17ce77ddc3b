// SPDX-License-Identifier: Apache-2.0
// What the loop remembers of who waits in queues, here and in the other runs on this machine.
#pragma once

#include <optional>

#include "plimsoll/base/time.h"
#include "plimsoll/model/resources.h"

namespace plimsoll::loop {

/// That room was left for another run's first in line, with what it held and asked for then.
struct LeftRoom {
    Resources held;
    std::optional<Resources> ask;
    Instant since{};
};

/// Of a queue that waits below its share: since when, and what its first in line asks for.
struct Short {
    Instant since{};
    Resources ask;
};

}  // namespace plimsoll::loop
