// SPDX-License-Identifier: Apache-2.0
// Public traces -> work that can be played again. What a trace does not tell is set so that it decides nothing: memory
// of one MiB, one core.
#pragma once

#include "plimsoll/simulate/recorded_work.h"
#include "plimsoll/simulate/traces/swf.h"
#include "plimsoll/simulate/traces/wfinstances.h"

namespace plimsoll::simulate {

/// Jobs join when they were submitted; a job's kind is its user's. Jobs that ran for no time are left out. The capacity
/// is that of the log's machine, where it tells its processors.
RecordedWork work_of(const SwfTrace& trace);
/// All tasks are there from the start, each after its parents. Where memory or cores were not recorded: 2 GiB and 1
/// core.
RecordedWork work_of(const WfDag& dag);

}  // namespace plimsoll::simulate
