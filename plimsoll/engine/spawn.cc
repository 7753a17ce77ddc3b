// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/engine/spawn.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <utility>

#include "plimsoll/base/probe.h"

// The child runs instrumented code on a stack that the sanitizers do not know, and never returns from it.
#define PLIM_BARE __attribute__((no_sanitize("address", "thread", "undefined")))

namespace plimsoll::engine {
namespace {

constexpr std::size_t stack_bytes = 64 << 10;
constexpr std::size_t guard_bytes = 64 << 10;  // a page, whatever its size

/// A running task takes some ten descriptors here, so that the usual 1024 would do for a hundred tasks.
void raise_own_descriptors() {
    constexpr rlim_t enough = 1 << 16;
    rlimit limit = descriptors_of_children();
    limit.rlim_cur = std::max(limit.rlim_cur, std::min(limit.rlim_max, enough));
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

/// Lives in the parent, written by the child.
struct Birth {
    const SpawnRequest* request;
    const rlimit* descriptors;
    pid_t parent;
    bool is_in_v2_group;  ///< by clone3; else the child enters it
    volatile SpawnStep step = SpawnStep::clone;
    volatile int error_number = 0;
};

PLIM_BARE bool enter(const char* folder_or_file, const char* file) {
    int folder = AT_FDCWD;
    if (file != nullptr) {
        folder = static_cast<int>(::syscall(SYS_openat, AT_FDCWD, folder_or_file, O_PATH | O_DIRECTORY | O_CLOEXEC));
        if (folder < 0) return false;
    }
    const long group = ::syscall(SYS_openat, folder, file != nullptr ? file : folder_or_file, O_WRONLY | O_CLOEXEC);
    if (group < 0) return false;
    // "0" is the writer itself; one thread into a v1 `tasks` file needs no lock across the machine.
    const bool entered = ::syscall(SYS_write, group, "0", 1) == 1;
    ::syscall(SYS_close, group);
    return entered;
}

PLIM_BARE bool enter_groups(const Birth& birth) {
    const SpawnRequest& request = *birth.request;
    if (request.v2_group != nullptr && !birth.is_in_v2_group && !enter(request.v2_group, "cgroup.procs")) return false;
    for (const char* tasks : request.v1_tasks)
        if (tasks != nullptr && !enter(tasks, nullptr)) return false;
    return true;
}

PLIM_BARE bool connect_streams(const SpawnRequest& request) {
    if (request.foreground != nullptr) return true;
    return ::syscall(SYS_dup3, request.input, STDIN_FILENO, 0) >= 0 &&
           ::syscall(SYS_dup3, request.output, STDOUT_FILENO, 0) >= 0 &&
           ::syscall(SYS_dup3, request.output, STDERR_FILENO, 0) >= 0;
}

/// What exec keeps is made as in a fresh login: nothing ignored, nothing blocked. In the foreground it stays as it was
/// when this process began.
PLIM_BARE void reset_signals(const SpawnRequest& request) {
    if (request.foreground != nullptr) {
        ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, request.foreground, nullptr, sizeof(std::uint64_t));
        return;
    }
    struct KernelAction {
        void* handler;
        unsigned long flags;
        void* restorer;
        std::uint64_t mask;
    };
    const KernelAction default_action{};
    for (int signal = 1; signal <= 64; ++signal)
        ::syscall(SYS_rt_sigaction, signal, &default_action, nullptr, sizeof(std::uint64_t));
    const std::uint64_t none = 0;
    ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, nullptr, sizeof none);
}

/// The child, from birth to exec. Only system calls, and only memory that the parent keeps until then.
PLIM_BARE int child_main(void* birth_of_child) {
    Birth& birth = *static_cast<Birth*>(birth_of_child);
    const SpawnRequest& request = *birth.request;
    ::syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    // A parent killed before the line above cannot take this child with it any more.
    if (::syscall(SYS_getppid) != birth.parent) ::syscall(SYS_exit_group, 127);
    if (request.foreground == nullptr) ::syscall(SYS_setsid);
    birth.step = SpawnStep::enter_group;
    if (enter_groups(birth)) {
        birth.step = SpawnStep::change_folder;
        if (request.workdir == nullptr || ::syscall(SYS_chdir, request.workdir) == 0) {
            birth.step = SpawnStep::streams;
            if (connect_streams(request)) {
                birth.step = SpawnStep::exec;
#ifdef SYS_close_range
                // A lock's or a socket's descriptor must not live on in a task.
                if (request.foreground == nullptr) ::syscall(SYS_close_range, 3, ~0U, 4 /* CLOSE_RANGE_CLOEXEC */);
#endif
                ::syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, birth.descriptors, nullptr);
                reset_signals(request);
                ::syscall(SYS_execve, request.program, request.words, request.environment);
            }
        }
    }
    birth.error_number = errno;
    ::syscall(SYS_exit_group, 127);
    return 127;
}

#if defined(__x86_64__) && defined(SYS_clone3)
/// clone3 with a function for the child, which glibc 2.36 does not offer. The child must not return
/// through the parent's frame: it calls and exits, on its own stack.
PLIM_BARE long clone3_call(clone_args& arguments, int (*function)(void*), void* argument) {
    long result = SYS_clone3;
    asm volatile(
        "syscall\n\t"
        "testq %%rax, %%rax\n\t"
        "jnz 1f\n\t"
        "movq %[argument], %%rdi\n\t"
        "callq *%[function]\n\t"
        "hlt\n"
        "1:"
        : "+a"(result)
        : "D"(&arguments), "S"(sizeof arguments), [function] "r"(function), [argument] "r"(argument)
        : "rcx", "r11", "memory", "cc");
    if (result >= 0) return result;
    errno = static_cast<int>(-result);
    return -1;
}
#else
long clone3_call(clone_args&, int (*)(void*), void*) {
    errno = ENOSYS;
    return -1;
}
#endif

/// All signals are blocked while the child shares our memory: a handler of ours must not run in it.
class SignalsBlocked {
public:
    SignalsBlocked() {
        const std::uint64_t all = ~std::uint64_t{0};
        ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &before_, sizeof all);
    }
    ~SignalsBlocked() { ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &before_, nullptr, sizeof before_); }
    SignalsBlocked(const SignalsBlocked&) = delete;
    SignalsBlocked& operator=(const SignalsBlocked&) = delete;

private:
    std::uint64_t before_ = 0;
};

long born_in_group(Birth& birth, char* stack, int group, int& pidfd) {
    clone_args arguments{};
    arguments.flags = CLONE_VM | CLONE_VFORK | CLONE_PIDFD;
    arguments.pidfd = reinterpret_cast<std::uintptr_t>(&pidfd);
    arguments.exit_signal = SIGCHLD;
    arguments.stack = reinterpret_cast<std::uintptr_t>(stack + guard_bytes);
    arguments.stack_size = stack_bytes;
    if (group >= 0) {
        arguments.flags |= CLONE_INTO_CGROUP;
        arguments.cgroup = static_cast<std::uint64_t>(group);
        birth.is_in_v2_group = true;
    }
    const long pid = clone3_call(arguments, child_main, &birth);
    if (pid < 0) birth.is_in_v2_group = false;
    return pid;
}

long born_by_clone(Birth& birth, char* stack, int& pidfd) {
    const int flags = CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD;
    return ::clone(child_main, stack + guard_bytes + stack_bytes, flags, &birth, &pidfd);
}

}  // namespace

/// As this process was started: some programs take more than 1024 for a mistake (select(2)).
const rlimit& descriptors_of_children() {
    static const rlimit born = [] {
        rlimit limit{};
        ::getrlimit(RLIMIT_NOFILE, &limit);
        return limit;
    }();
    return born;
}

Result<Spawner> Spawner::create() {
    void* stack = ::mmap(nullptr, guard_bytes + stack_bytes, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);
    if (stack == MAP_FAILED) return system_error("map a stack for children");
    ::mprotect(stack, guard_bytes, PROT_NONE);
    raise_own_descriptors();
    return Spawner(static_cast<char*>(stack));
}

Spawner::Spawner(Spawner&& other) noexcept
    : stack_(std::exchange(other.stack_, nullptr)), has_clone3_(other.has_clone3_) {}

Spawner::~Spawner() {
    if (stack_ != nullptr) ::munmap(stack_, guard_bytes + stack_bytes);
}

bool Spawner::spawn(const SpawnRequest& request, Spawned& spawned, SpawnFailure& failure) {
    Fd group;
    if (request.v2_group != nullptr && has_clone3_) {
        group = Fd(::open(request.v2_group, O_PATH | O_DIRECTORY | O_CLOEXEC));
        if (!group) return failure = {SpawnStep::open_group, errno}, false;
    }
    Birth birth{
        .request = &request, .descriptors = &descriptors_of_children(), .parent = ::getpid(), .is_in_v2_group = false};
    int pidfd = -1;
    long pid = -1;
    {
        const SignalsBlocked blocked;
        errno = ENOSYS;
        if (has_clone3_) pid = born_in_group(birth, stack_, group.fd(), pidfd);
        if (pid < 0 && (errno == ENOSYS || errno == EPERM || errno == EINVAL || errno == E2BIG)) {
            PLIM_PROBE("clone3 is refused, clone does");
            has_clone3_ = false;
            pid = born_by_clone(birth, stack_, pidfd);
        }
    }
    if (pid < 0) return failure = {SpawnStep::clone, errno}, false;
    spawned.pid = static_cast<int>(pid);
    spawned.pidfd = Fd(pidfd);
    if (birth.error_number == 0) return true;
    ::syscall(SYS_waitid, P_PID, pid, nullptr, WEXITED, nullptr);
    failure = {birth.step, birth.error_number};
    return false;
}

}  // namespace plimsoll::engine
