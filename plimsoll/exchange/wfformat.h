// SPDX-License-Identifier: Apache-2.0
// WfFormat (wfcommons.org), 1.5 and the older ones with everything in workflow.tasks: one workflow that was run, as
// JSON. Read as a stream of its events, so that what is kept is a few numbers a task.
#pragma once

#include "plimsoll/exchange/imported.h"
#include "plimsoll/exchange/pieces.h"

namespace plimsoll::exchange {

/// Errors: invalid where this is no JSON, with line and column, or no workflow in it was run.
Result<void> read_wfformat(Lines& lines, const ReadOptions& options, Into& into);

}  // namespace plimsoll::exchange
