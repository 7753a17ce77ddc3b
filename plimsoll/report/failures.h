// SPDX-License-Identifier: Apache-2.0
// What went wrong in a run: each failed task with how its last attempt ended and what it printed last.
#pragma once

#include "plimsoll/report/run_report.h"

namespace plimsoll::report {

/// Fills in `failures`, in the order of tasks; of very many the first ones, and how many are left out. What a task
/// printed is read of attempts that have ended only: until then secrets in it are not masked.
void add_failures(RunReport& report, const ReadTail& read_tail);

}  // namespace plimsoll::report
