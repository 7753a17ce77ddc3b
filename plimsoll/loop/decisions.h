// SPDX-License-Identifier: Apache-2.0
// How the loop's Decisions are made; time, task and attempt are filled in where they are recorded.
#pragma once

#include <string>

#include "plimsoll/base/units.h"
#include "plimsoll/model/decision.h"

namespace plimsoll::loop {

Decision decision(std::string action, std::string subject, std::string old_value, std::string new_value,
                  std::string reason);

/// Of an amount of memory.
Decision memory_decision(std::string action, Bytes old_memory, Bytes new_memory, std::string reason);

}  // namespace plimsoll::loop
