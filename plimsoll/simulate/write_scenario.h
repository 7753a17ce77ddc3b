// SPDX-License-Identifier: Apache-2.0
// A scenario -> its file's text, from which read_scenario makes the same one again. Of drawn workflows alone.
#pragma once

#include <string>

#include "plimsoll/simulate/scenario.h"

namespace plimsoll::simulate {

std::string write_scenario(const Scenario& scenario);

}  // namespace plimsoll::simulate
