// SPDX-License-Identifier: Apache-2.0
// StoppedTree: the processes of an attempt without a group, made to stand still by SIGSTOP.
//
// Signals go to one process after the other, and one that is not reached yet may fork; but a process that has a
// signal waiting cannot. So the tree is gone through until a round finds nobody new. Those that stood still
// before, of their own accord, stay so afterwards.
#pragma once

#include <string>
#include <vector>

#include "plimsoll/base/result.h"
#include "plimsoll/machine/attempt_processes.h"
#include "plimsoll/machine/proc.h"

namespace plimsoll::shape {

class StoppedTree {
public:
    /// `leader`: the attempt's first process, which carries its mark.
    StoppedTree(int leader, std::string proc);

    /// unavailable: a process may not be signalled (it changed its user); those that were stopped go on.
    Result<void> stop();
    void go_on();

private:
    enum class Round { nobody_new, somebody_new, refused };
    Round stop_once();

    int leader_;
    std::string proc_;
    machine::AttemptMark mark_;
    std::vector<machine::ProcessStat> stopped_;  ///< pid and start: a pid may be used again
};

}  // namespace plimsoll::shape
