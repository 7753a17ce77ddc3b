// SPDX-License-Identifier: Apache-2.0
// Deadlines that a run of a scenario is promised, where forecasts hold: the same test as the one that a live run begins
// with.
#pragma once

#include "plimsoll/schedule/admission.h"
#include "plimsoll/simulate/scenario.h"

namespace plimsoll::simulate {

/// Does a task of the step take what it asks for, or less, each the same, and never so much that it is given more?
bool keeps_to(const Request& request, const StepTruth& truth);

/// Are sizes those that are asked for, and does nothing go wrong or stop the run?
bool is_undisturbed(const Scenario& scenario);

/// Do tasks take what they ask for, or less, from the start, with nothing in their way?
bool do_forecasts_hold(const Scenario& scenario);

/// Of all its tasks, on its nodes, as they ask.
schedule::Admission admission_of(const Scenario& scenario);

/// Are all deadlines that it has promised, and must be met?
bool are_promised(const Scenario& scenario);

}  // namespace plimsoll::simulate
