// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/model/run.h"

#include <array>

namespace plimsoll {
namespace {

constexpr std::array<std::string_view, 5> run_states = {"running", "finished", "failed", "cancelled", "interrupted"};
constexpr std::array<std::string_view, 7> task_states = {"waiting",    "ready",  "running",  "finished",
                                                         "up_to_date", "failed", "cancelled"};

template <class Enum, std::size_t N>
Result<Enum> parse_name(const std::array<std::string_view, N>& names, std::string_view name, std::string_view what) {
    for (std::size_t at = 0; at < N; ++at)
        if (names[at] == name) return static_cast<Enum>(at);
    return invalid("'" + std::string(name) + "' is not " + std::string(what));
}

}  // namespace

std::string_view name_of(RunState state) { return run_states[static_cast<std::size_t>(state)]; }
Result<RunState> parse_run_state(std::string_view name) {
    return parse_name<RunState>(run_states, name, "a run's state");
}
std::string_view name_of(TaskState state) { return task_states[static_cast<std::size_t>(state)]; }
Result<TaskState> parse_task_state(std::string_view name) {
    return parse_name<TaskState>(task_states, name, "a task's state");
}

}  // namespace plimsoll
