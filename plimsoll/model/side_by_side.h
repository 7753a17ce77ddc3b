// SPDX-License-Identifier: Apache-2.0
// How many tasks of one size a room has place for: places of a split, turns of another run.
#pragma once

#include "plimsoll/model/resources.h"

namespace plimsoll {

/// How many of that size there is room for at once, `most` at the most; 0 where there is none.
int side_by_side(const Resources& each, const Resources& room, int most);

}  // namespace plimsoll
