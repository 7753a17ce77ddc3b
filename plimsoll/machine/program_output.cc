// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/program_output.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "plimsoll/base/file.h"

namespace plimsoll::machine {
namespace {

/// A file without a name takes what a program writes, however much, without anybody having to read meanwhile.
Result<Fd> open_unnamed() {
    Fd file(::memfd_create("output", MFD_CLOEXEC));
    if (!file) return system_error("make room for a program's output");
    return file;
}

Result<std::string> said(const Fd& file) {
    std::string text = PLIM_TRY(read_file("/proc/self/fd/" + std::to_string(file.fd())));
    const std::size_t end = text.find_last_not_of(" \t\r\n");
    text.resize(end == std::string::npos ? 0 : end + 1);
    return text;
}

Result<int> spawn(const std::vector<std::string>& words, const Fd& out, const Fd& err) {
    std::vector<char*> arguments;
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, out.fd(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files, err.fd(), STDERR_FILENO);
    pid_t pid = 0;
    const int error = ::posix_spawn(&pid, arguments[0], &files, &attributes, arguments.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    if (error != 0) return Error{ErrorKind::unavailable, system_error("run " + words.front(), error).message};
    return pid;
}

}  // namespace

Result<ProgramOutput> program_output(const std::vector<std::string>& words) {
    const Fd out = PLIM_TRY(open_unnamed());
    const Fd err = PLIM_TRY(open_unnamed());
    const int pid = PLIM_TRY(spawn(words, out, err));
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) return system_error("wait for " + words.front());
    return ProgramOutput{.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
                         .out = PLIM_TRY(said(out)),
                         .err = PLIM_TRY(said(err))};
}

}  // namespace plimsoll::machine
