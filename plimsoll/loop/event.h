// SPDX-License-Identifier: Apache-2.0
// What happened in a run, for whoever watches: the terminal, --json, events.jsonl. Values; the loop gives
// them out only once what they report is durable.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "plimsoll/base/time.h"
#include "plimsoll/model/outcome.h"
#include "plimsoll/model/profile.h"
#include "plimsoll/model/resources.h"
#include "plimsoll/model/run.h"
#include "plimsoll/model/task.h"

namespace plimsoll::loop {

enum class EventKind {
    run_started,
    run_waiting,  ///< work is ready, but others hold or use what it needs
    run_stopping,
    task_started,
    task_grown,
    task_shrunk,
    task_shaped,  ///< it holds what its forecast says for this time of it
    task_frozen,
    task_resumed,
    task_retried,
    task_finished,
    task_failed,
    task_up_to_date,
    task_cancelled,
    notice,  ///< something a user should know and cannot see: set-aside files, degraded modes
    run_finished,
};
std::string_view name_of(EventKind kind);

struct Event {
    EventKind kind = EventKind::notice;
    WallTime time{};
    std::optional<TaskId> task;
    std::string step;
    std::string task_name;
    int attempt = 0;
    Resources reserved;
    Duration runtime{};                  ///< as reserved
    bool is_share = false;               ///< of a start: nothing was known or asked for, it got a share of the machine
    std::optional<Outcome> outcome;      ///< of an attempt that ended
    std::optional<Profile> used;         ///< what it used
    std::string command;                 ///< of a failed task, as run
    std::string log;                     ///< path of its output; "" if it printed nothing
    std::string reason;                  ///< why it runs, is skipped, retried, cancelled; the text of a notice
    RunState state = RunState::running;  ///< of run_finished
};

}  // namespace plimsoll::loop
