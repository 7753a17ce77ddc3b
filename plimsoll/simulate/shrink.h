// SPDX-License-Identifier: Apache-2.0
// A scenario that fails -> a small one that still does, to be read by people and kept as a test. Takes away whatever
// can be taken away: steps, tasks, faults, every key; in the manner of delta debugging (Zeller and Hildebrandt 2002),
// from the large to the small, until nothing more can go.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "plimsoll/simulate/scenario.h"

namespace plimsoll::simulate {

/// `text` is a scenario's file; so is what is given. Each try plays `fails` once.
std::string shrink(std::string_view text, const std::function<bool(const Scenario&)>& fails);

}  // namespace plimsoll::simulate
