// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/attempt_processes.h"

#include <unistd.h>

#include "plimsoll/machine/proc_numbers.h"
#include "plimsoll/machine/process.h"

namespace plimsoll::machine {
namespace {

bool carries(int pid, const AttemptMark& mark, const std::string& proc) {
    return environment_value(pid, "PLIMSOLL_OWNER", proc) == mark.owner &&
           environment_value(pid, "PLIMSOLL_TASK", proc) == mark.task_name &&
           environment_value(pid, "PLIMSOLL_ATTEMPT", proc) == std::to_string(mark.attempt);
}

// Within that time pids do not wrap around, so that only those since the leader's need be looked at.
constexpr Duration few_pids_age = std::chrono::seconds(2);

}  // namespace

std::vector<std::pair<std::string, std::string>> variables(const AttemptMark& mark) {
    return {{"PLIMSOLL_RUN", mark.run},
            {"PLIMSOLL_TASK", mark.task_name},
            {"PLIMSOLL_ATTEMPT", std::to_string(mark.attempt)},
            {"PLIMSOLL_OWNER", mark.owner},
            {"PLIMSOLL_SESSION", mark.shares_session ? "shared" : "own"}};
}

std::optional<AttemptMark> attempt_mark_of(int pid, const std::string& proc) {
    auto run = environment_value(pid, "PLIMSOLL_RUN", proc);
    auto owner = environment_value(pid, "PLIMSOLL_OWNER", proc);
    auto task = environment_value(pid, "PLIMSOLL_TASK", proc);
    const auto text = environment_value(pid, "PLIMSOLL_ATTEMPT", proc);
    std::string_view number = text ? std::string_view(*text) : std::string_view();
    const auto attempt = take_number(number);
    if (!run || !owner || !task || !attempt || !number.empty()) return std::nullopt;
    return AttemptMark{.run = *std::move(run),
                       .owner = *std::move(owner),
                       .task_name = *std::move(task),
                       .attempt = static_cast<int>(*attempt)};
}

std::vector<int> attempt_processes(const AttemptMark& mark, int leader, Duration age, const std::string& proc) {
    std::vector<ProcessStat> candidates = age < few_pids_age ? processes_since(leader - 1, proc) : all_processes(proc);
    std::erase_if(candidates, [](const ProcessStat& each) {
        return each.state == 'Z' || each.state == 'X' || each.pid == ::getpid();
    });
    std::vector<int> roots;
    for (const ProcessStat& each : candidates)
        if (each.session == leader || carries(each.pid, mark, proc)) roots.push_back(each.pid);
    return with_descendants(roots, candidates);
}

}  // namespace plimsoll::machine
