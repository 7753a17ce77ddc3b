// SPDX-License-Identifier: Apache-2.0
// A run under way, drawn: how far it is, what it uses and holds, what waits and why, and the tasks that run.
#pragma once

#include <string>
#include <vector>

#include "plimsoll/view/page.h"
#include "plimsoll/view/run_view.h"

namespace plimsoll::view {

/// At most `page.lines` lines, the weightier ones first, none wider than the page. Tasks that find no room are counted.
std::vector<std::string> draw_run(const RunView& run, const Page& page);

}  // namespace plimsoll::view
