// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/engine/attempt_processes.h"

#include <unistd.h>

#include "plimsoll/machine/process.h"

namespace plimsoll::engine {
namespace {

bool carries(int pid, const AttemptMark& mark) {
    return machine::environment_value(pid, "PLIMSOLL_OWNER") == mark.owner &&
           machine::environment_value(pid, "PLIMSOLL_TASK") == mark.task_name &&
           machine::environment_value(pid, "PLIMSOLL_ATTEMPT") == std::to_string(mark.attempt);
}

// Within that time pids do not wrap around, so that only those since the leader's need be looked at.
constexpr Duration few_pids_age = std::chrono::seconds(2);

}  // namespace

std::vector<std::pair<std::string, std::string>> variables(const AttemptMark& mark) {
    return {{"PLIMSOLL_RUN", mark.run},
            {"PLIMSOLL_TASK", mark.task_name},
            {"PLIMSOLL_ATTEMPT", std::to_string(mark.attempt)},
            {"PLIMSOLL_OWNER", mark.owner}};
}

std::vector<int> attempt_processes(const AttemptMark& mark, int leader, Duration age) {
    std::vector<machine::ProcessStat> candidates =
        age < few_pids_age ? machine::processes_since(leader - 1) : machine::all_processes();
    std::erase_if(candidates, [](const machine::ProcessStat& each) {
        return each.state == 'Z' || each.state == 'X' || each.pid == ::getpid();
    });
    std::vector<int> roots;
    for (const machine::ProcessStat& each : candidates)
        if (each.session == leader || carries(each.pid, mark)) roots.push_back(each.pid);
    return machine::with_descendants(roots, candidates);
}

}  // namespace plimsoll::engine
