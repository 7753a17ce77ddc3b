// SPDX-License-Identifier: Apache-2.0
// A number -> a scenario: a workflow, what its tasks truly do, a cluster and its misfortunes. The same number gives
// the same one on every machine. What random testing plays through the loop.
#pragma once

#include <cstdint>

#include "plimsoll/simulate/scenario.h"

namespace plimsoll::simulate {

Scenario random_scenario(std::uint64_t seed);

}  // namespace plimsoll::simulate
