// SPDX-License-Identifier: Apache-2.0
// What every task needs: the makers of its inputs, and the steps it names under `needs`. Then the tasks in
// an order in which needs come first.
#pragma once

#include <vector>

#include "plimsoll/workflow/expand.h"

namespace plimsoll::workflow {

/// Fills in Task::needs, by path: an input is made by the task that declares it, a folder around it or a
/// pattern that it matches. Inputs that nobody makes and that are not there are problems.
void link(const Expanding& work);

/// The tasks, renumbered so that needs have lower ids; the file's order where it is right already.
/// Circles are problems.
std::vector<Task> in_order(const Expanding& work);

}  // namespace plimsoll::workflow
