// SPDX-License-Identifier: Apache-2.0
// Public traces -> work that can be played again. What a trace does not tell is set so that it decides nothing: memory
// of one MiB, one core.
#pragma once

#include <span>

#include "plimsoll/simulate/recorded_work.h"
#include "plimsoll/simulate/traces/openb.h"
#include "plimsoll/simulate/traces/swf.h"
#include "plimsoll/simulate/traces/wfinstances.h"

namespace plimsoll::simulate {

/// Jobs join when they were submitted, each handed in alone; a job's kind is its user's. Jobs that ran for no time are
/// left out. The capacity is that of the log's machine, where it tells its processors.
RecordedWork work_of(const SwfTrace& trace);
/// Pods join when they were created and hold what they ask for until they were deleted; those of which either time is
/// missing are left out. A share of a GPU counts as that share of all devices of a node. On which nodes is not told.
RecordedWork work_of(std::span<const OpenbPod> pods);
/// All tasks are there from the start, each after its parents. Where memory or cores were not recorded: 2 GiB and 1
/// core.
RecordedWork work_of(const WfDag& dag);

}  // namespace plimsoll::simulate
