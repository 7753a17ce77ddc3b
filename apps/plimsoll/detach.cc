// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/detach.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <vector>

#include "apps/plimsoll/command_frame.h"
#include "apps/plimsoll/follow.h"
#include "apps/plimsoll/live_run.h"
#include "apps/plimsoll/text_report.h"
#include "plimsoll/base/clock.h"
#include "plimsoll/base/text.h"
#include "plimsoll/history/location.h"

namespace plimsoll::cli {
namespace {

/// This process's own arguments, without --detach and with the run's id.
Result<std::vector<std::string>> words_for(const RunId& run) {
    const std::string line = PLIM_TRY(read_file("/proc/self/cmdline"));
    std::vector<std::string> words;
    for (const std::string_view word : split(std::string_view(line).substr(0, line.size() - 1), '\0'))
        if (word != "--detach") words.emplace_back(word);
    words.insert(words.end(), {"--run-id", run});
    return words;
}

Result<pid_t> spawn_in_background(std::vector<std::string> words, const std::string& output) {
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, output.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
    pid_t pid = 0;
    const int error = ::posix_spawn(&pid, "/proc/self/exe", &files, &attributes, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    if (error != 0) return system_error("start in the background", error);
    return pid;
}

/// Until the run has told its first event, or has ended before it could.
Result<void> wait_for_start(pid_t pid, const std::string& events, const std::string& output) {
    while (::access(events.c_str(), F_OK) != 0) {
        int status = 0;
        if (::waitpid(pid, &status, WNOHANG) == pid) {
            if (::access(events.c_str(), F_OK) == 0) return {};
            return unavailable("the run in the background ended before it began:\n" + last_lines(output, 20));
        }
        pause_for(std::chrono::milliseconds(10));
    }
    return {};
}

}  // namespace

Result<int> detach(const std::string& history_path) {
    const RunId run = new_run_id(MachineClock().wall());
    const history::RunPaths paths = history::run_paths(history_path, run);
    PLIM_TRY(make_folders(paths.folder));
    const std::string output = paths.folder + "/detached.log";
    const pid_t pid = PLIM_TRY(spawn_in_background(PLIM_TRY(words_for(run)), output));
    PLIM_TRY(wait_for_start(pid, paths.events, output));
    print(run + "\n");
    return static_cast<int>(Exit::done);
}

}  // namespace plimsoll::cli
