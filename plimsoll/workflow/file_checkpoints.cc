// SPDX-License-Identifier: Apache-2.0
// The folders in which the work of attempts is saved: .plimsoll/checkpoints/TASK/ATTEMPT, gone when the task is done.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "plimsoll/base/file.h"
#include "plimsoll/workflow/file_workspace.h"
#include "plimsoll/workflow/set_aside.h"

namespace plimsoll::workflow {
namespace {

constexpr const char* checkpoints = ".plimsoll/checkpoints";

std::string folder_of(const Task& task) {
    return fmt::format("{}/{}-{}", checkpoints, task.id, as_component(task.name));
}

}  // namespace

Result<std::string> FileWorkspace::checkpoint_folder(const Task& task, AttemptId attempt) {
    const std::string of_task = absolute(folder_of(task));
    std::string own = of_task + "/" + std::to_string(attempt.number);
    // What a run before this one has left may be of other inputs.
    PLIM_TRY(remove_entry(AT_FDCWD, attempt.number == 1 ? of_task : own));
    PLIM_TRY(make_folders(own, 0777));
    return own;
}

void FileWorkspace::drop_checkpoints(const Task& task) {
    if (auto removed = remove_entry(AT_FDCWD, absolute(folder_of(task))); !removed)
        notices_.push_back("what was saved of " + task.name + " is left: " + removed.error().message);
    ::rmdir(absolute(checkpoints).c_str());  // if it was the last
    ::rmdir(absolute(".plimsoll").c_str());
}

}  // namespace plimsoll::workflow
