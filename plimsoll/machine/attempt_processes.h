// SPDX-License-Identifier: Apache-2.0
// Which processes belong to an attempt where no cgroup holds them: those of its session, those that carry
// its mark in their environment, and the descendants of both. Only a process that left the session,
// emptied its environment and lost its parents escapes; it is adopted by us, the sub-reaper.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "plimsoll/base/time.h"

namespace plimsoll::machine {

/// What a task finds in its environment; together they say whose process it is.
struct AttemptMark {
    std::string run;        ///< PLIMSOLL_RUN
    std::string owner;      ///< PLIMSOLL_OWNER: machine::OwnerMark
    std::string task_name;  ///< PLIMSOLL_TASK
    int attempt = 1;        ///< PLIMSOLL_ATTEMPT
    /// PLIMSOLL_SESSION is "shared": it runs in the session of a terminal, where others run as well.
    bool shares_session = false;
};
std::vector<std::pair<std::string, std::string>> variables(const AttemptMark& mark);

/// As the process was given it at its start; nothing when it carries none, or may not be looked at.
std::optional<AttemptMark> attempt_mark_of(int pid, const std::string& proc = "/proc");

/// The living processes of an attempt whose main process is, or was, `leader`. `age`: since it started.
std::vector<int> attempt_processes(const AttemptMark& mark, int leader, Duration age,
                                   const std::string& proc = "/proc");

}  // namespace plimsoll::machine
