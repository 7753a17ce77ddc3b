// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/loop/event.h"

namespace plimsoll::loop {

std::string_view name_of(EventKind kind) {
    constexpr std::string_view names[] = {"run_started",     "run_waiting",    "run_stopping",  "task_started",
                                          "task_grown",      "task_shrunk",    "task_shaped",   "task_frozen",
                                          "task_resumed",    "task_retried",   "task_finished", "task_failed",
                                          "task_up_to_date", "task_cancelled", "notice",        "run_finished"};
    return names[static_cast<int>(kind)];
}

}  // namespace plimsoll::loop
