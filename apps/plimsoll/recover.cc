// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/recover.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <string_view>
#include <unordered_map>

#include "apps/plimsoll/follow.h"
#include "plimsoll/base/log.h"
#include "plimsoll/machine/process.h"
#include "plimsoll/machine/sweep.h"

namespace plimsoll::cli {

Result<Recovered> find_interrupted(const std::optional<history::Database>& history, const workflow::Workflow& workflow,
                                   std::span<const Task> tasks, const Clock& clock) {
    const machine::Swept swept = machine::sweep(machine::find_cgroups(), clock);
    for (const std::string& left : swept.left) log(LogLevel::warning, "left behind by a run that died: " + left);
    if (!swept.runs.empty())
        log(LogLevel::info, fmt::format("ended {} processes that runs which died had left", swept.processes));
    Recovered recovered;
    recovered.left_containers = swept.had_containers;
    if (!history) return recovered;
    std::unordered_map<std::string_view, const Task*> by_name;
    for (const RunRecord& run :
         PLIM_TRY(history->interrupted_runs([](const ProcessIdentity& owner) { return machine::is_alive(owner); }))) {
        // Those of other folders wait for their own workflow: only it knows which outputs to set aside.
        if (run.folder != workflow.folder || run.workflow != workflow.name) continue;
        if (by_name.empty())
            for (const Task& task : tasks) by_name.emplace(task.name, &task);
        for (const AttemptRecord& attempt : PLIM_TRY(history->open_attempts(run.id)))
            if (const auto task = by_name.find(attempt.task_name); task != by_name.end())
                recovered.attempts.push_back({run.id, attempt.id.number, task->second});
        recovered.runs.push_back(run.id);
    }
    return recovered;
}

Result<void> settle_interrupted(const Recovered& recovered, history::RunHistory& history,
                                workflow::FileWorkspace& workspace, const Clock& clock) {
    workspace.recover(recovered.attempts);
    if (!history.records) return {};  // it can only be read
    for (const RunId& run : recovered.runs) PLIM_TRY(history.database->mark_interrupted(run, clock.wall()));
    return {};
}

Result<Fd> lock_workflow(const std::string& file) {
    Fd locked = PLIM_TRY(open_file(file, O_RDONLY));
    // A runner that was killed while it started a task may leave a child that holds the lock until its exec,
    // some milliseconds; and where the file system has no locks there is nothing to be kept out with.
    constexpr int tries = 50;
    bool is_taken = true;
    for (int at = 0; at < tries && is_taken; ++at) {
        is_taken = ::flock(locked.fd(), LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK;
        if (is_taken) pause_for(std::chrono::milliseconds(20));
    }
    if (is_taken)
        return Error{ErrorKind::refused, fmt::format("{} is being run already; two runs would write the same outputs. "
                                                     "`plimsoll attach` follows that run, `plimsoll stop` ends it",
                                                     file)};
    return locked;
}

}  // namespace plimsoll::cli
