// SPDX-License-Identifier: Apache-2.0
// Memory that forked children hold, each a part of it: an attempt's need is that of its whole tree.
#pragma once

#include <memory>

#include "memory.h"

namespace plimsoll::load {

/// What one child holds at most.
inline constexpr Bytes child_part = 16_MiB;

/// The last child grows and shrinks, the others hold a full part. They die with this process.
std::unique_ptr<Memory> forked_children();

}  // namespace plimsoll::load
