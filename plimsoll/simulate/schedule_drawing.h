// SPDX-License-Identifier: Apache-2.0
// Who ran when, as text: a line per attempt in the order in which they started.
//
//     run 1: finished in 20.0 s
//       align[0]   |####....|  cpu=1 memory=1.00 GiB
//       merge      |....xx##|
//
// '#' ran and finished, 'x' ended otherwise (the line says how), each column the same part of the run.
#pragma once

#include <string>

#include "plimsoll/simulate/scenario.h"

namespace plimsoll::simulate {

std::string draw_schedule(const Played& played);

}  // namespace plimsoll::simulate
