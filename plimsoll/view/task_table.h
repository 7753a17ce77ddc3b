// SPDX-License-Identifier: Apache-2.0
// The running tasks as a table: a line each, with as many columns as the page is wide enough for.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "plimsoll/view/page.h"
#include "plimsoll/view/run_view.h"

namespace plimsoll::view {

/// At most so many lines, the head included; nothing where not even one task finds room. Frozen tasks come first, then
/// by start; what is left over is counted by step.
std::vector<std::string> task_table(std::span<const TaskLine> tasks, const Page& page, int lines);

}  // namespace plimsoll::view
