// SPDX-License-Identifier: Apache-2.0
// A run that is over as a RunView: what history knows of it, and nothing that runs.
#pragma once

#include <span>

#include "plimsoll/view/run_view.h"

namespace plimsoll::view {

RunView ended_run(const RunRecord& run, std::span<const TaskRecord> tasks);

}  // namespace plimsoll::view
