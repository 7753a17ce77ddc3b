// SPDX-License-Identifier: Apache-2.0
// Starts one program without fork(): the child borrows the parent's memory until it calls exec, so the
// cost does not grow with the parent (a fork copies page tables: 59 ms from 1 GiB). It runs on a stack of
// its own, makes nothing but system calls, and tells through the shared memory what went wrong.
//
// clone3 puts the child into its v2 cgroup at birth. Where that is refused (seccomp filters of containers
// give ENOSYS) clone does the rest, and the child enters the group by itself; posix_spawn could do neither
// setsid with groups nor tell which step failed, and needs the same clone underneath.
#pragma once

#include <signal.h>
#include <sys/resource.h>

#include <string>

#include "plimsoll/base/file.h"
#include "plimsoll/base/result.h"

namespace plimsoll::engine {

/// Everything the child needs, ready before it is born: it may not allocate.
struct SpawnRequest {
    const char* program = nullptr;
    const char* const* words = nullptr;        ///< argv, null at the end
    const char* const* environment = nullptr;  ///< null at the end
    const char* workdir = nullptr;
    int input = -1;   ///< becomes standard input
    int output = -1;  ///< becomes standard output and standard error
    /// Not null: the child keeps what this process was started with instead of a session, streams and signals of its
    /// own: session and process group (so the terminal's Ctrl-C and Ctrl-Z), standard streams, descriptors that outlive
    /// an exec, ignored signals; and this mask.
    const sigset_t* foreground = nullptr;
    const char* v2_group = nullptr;  ///< folder of the v2 cgroup to be born in; null for none
    const char* v1_tasks[16] = {};   ///< `tasks` files of the v1 groups to enter; null for none
};

enum class SpawnStep { open_group, clone, enter_group, change_folder, streams, exec };

struct Spawned {
    int pid = 0;
    Fd pidfd;
};

/// Which step failed, and with which errno.
struct SpawnFailure {
    SpawnStep step = SpawnStep::clone;
    int error_number = 0;
};

/// How many files our children may open: as many as we might before Spawner::create raised that for ourselves.
const rlimit& descriptors_of_children();

class Spawner {
public:
    /// Maps the child's stack, and raises this process's own limit of open files; children get the one it had.
    static Result<Spawner> create();
    Spawner(Spawner&& other) noexcept;
    Spawner& operator=(Spawner&& other) = delete;
    ~Spawner();

    /// Returns once the program runs, in a session of its own unless in the foreground, or cannot: gives false then and
    /// says why in `failure`; nothing is left of the child. From one thread at a time; other threads may do what they
    /// like. The program gets default signal handling, an empty signal mask and no other descriptor (but for one in the
    /// foreground), and is killed when the calling thread ends.
    bool spawn(const SpawnRequest& request, Spawned& spawned, SpawnFailure& failure);

private:
    Spawner(char* stack) : stack_(stack) {}
    char* stack_;
    bool has_clone3_ = true;
};

}  // namespace plimsoll::engine
