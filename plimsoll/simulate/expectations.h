// SPDX-License-Identifier: Apache-2.0
// What is expected of a run against what came of it.
#pragma once

#include <string>
#include <vector>

#include "plimsoll/simulate/read_scenario.h"

namespace plimsoll::simulate {

/// A line for each that does not hold: "run 3: makespan is 42.0 s, expected <= 40s".
std::vector<std::string> unmet(const std::vector<Expectation>& expectations, const std::vector<Played>& runs);

}  // namespace plimsoll::simulate
