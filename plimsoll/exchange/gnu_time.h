// SPDX-License-Identifier: Apache-2.0
// GNU time: what `/usr/bin/time -v COMMAND` writes, one report after the other, between whatever else went to the same
// log. Its peak is that of the largest single process of the command, not of all of them together.
#pragma once

#include "plimsoll/exchange/imported.h"
#include "plimsoll/exchange/pieces.h"

namespace plimsoll::exchange {

/// Errors: invalid where no report is in it.
Result<void> read_gnu_time(Lines& lines, const ReadOptions& options, Into& into);

}  // namespace plimsoll::exchange
