// SPDX-License-Identifier: Apache-2.0
// What holds for every forecast, wherever it comes from: the user's word, the machine, the least amounts.
#pragma once

#include "plimsoll/forecast/forecaster.h"

namespace plimsoll::forecast {

/// What the user asks for, as it was asked; where nothing is said, 1 core and that core's fair share of the machine's
/// memory. Never more than the machine. Runtime: what is asked for, else unknown.
Forecast requested(const Terms& terms);

/// Rounded up to MiB, at least least_memory, at most the machine (where that is known).
Bytes within_machine(Bytes memory, const Terms& terms);
Cores within_machine(Cores cpu, const Terms& terms);

/// The bound of a first attempt: within the machine, and not above the request unless the terms allow it. A
/// request below the least amounts is kept to as well.
Bytes first_attempt(Bytes memory, const Terms& terms);
Cores first_attempt(Cores cpu, const Terms& terms);

/// The threads a command is told it may use: as asked for, at least one, at most the machine's cores.
int threads_of(const Terms& terms);

}  // namespace plimsoll::forecast
