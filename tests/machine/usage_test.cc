// SPDX-License-Identifier: Apache-2.0
// What LocalUsage reads of real processes: in real cgroups, and by /proc alone as an ordinary user.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <vector>

#include "plimsoll/base/clock.h"
#include "plimsoll/base/random.h"
#include "plimsoll/telemetry/local_usage.h"
#include "tests/skip.h"

using namespace plimsoll;
using namespace plimsoll::telemetry;
using namespace std::chrono_literals;

namespace {

const AttemptId attempt{0, 1};

constexpr Bytes touched = 64_MiB, shared = 16_MiB, written = 8_MiB;
constexpr Duration spun = 200ms;
// Beside what it asks for a process has a stack, a heap and libraries' data; sanitizers add shadow memory.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr Bytes slack = 512_MiB;
#else
constexpr Bytes slack = 16_MiB;
#endif

void write_to_disk(const char* path) {
    const Fd file(::open(path, O_CREAT | O_RDWR | O_TRUNC | O_CLOEXEC, 0600));
    const std::vector<char> block(1 << 20, 'x');
    for (Bytes left = written; left > Bytes{}; left -= 1_MiB)
        if (::write(file.fd(), block.data(), block.size()) < 0) ::_exit(2);
    ::fsync(file.fd());
    ::unlink(path);
}

void touch(void* memory, Bytes size) {
    if (memory == MAP_FAILED) ::_exit(2);
    for (std::int64_t at = 0; at < size.count; at += 4096) static_cast<volatile char*>(memory)[at] = 1;
}

/// Uses what is stated above, then tells so and stays until the pipe is closed.
[[noreturn]] void work(int ready, int stay, const char* file) {
    const auto size_of = [](Bytes size) { return static_cast<std::size_t>(size.count); };
    touch(::mmap(nullptr, size_of(touched), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), touched);
    touch(::mmap(nullptr, size_of(shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0), shared);
    write_to_disk(file);
    rusage spent{};
    const auto cpu = [&] {
        ::getrusage(RUSAGE_SELF, &spent);
        return std::chrono::seconds(spent.ru_utime.tv_sec) + std::chrono::microseconds(spent.ru_utime.tv_usec);
    };
    while (cpu() < spun) {}
    char byte = 'r';
    if (::write(ready, &byte, 1) != 1 || ::read(stay, &byte, 1) < 0) ::_exit(2);
    ::_exit(0);
}

/// A process that works as above, stopped and waited for on destruction.
class Worker {
public:
    explicit Worker(const std::vector<std::string>& groups = {}) {
        int ready[2], stay[2];
        REQUIRE(::pipe2(ready, O_CLOEXEC) == 0);
        REQUIRE(::pipe2(stay, O_CLOEXEC) == 0);
        ready_ = Fd(ready[0]);
        stay_ = Fd(stay[1]);
        const Fd told(ready[1]), told_to_stay(stay[0]);
        pid_ = ::fork();
        if (pid_ == 0) {
            ::close(stay[1]);
            for (const std::string& group : groups)
                if (!write_kernel_file(group + "/cgroup.procs", "0")) ::_exit(3);
            work(told.fd(), told_to_stay.fd(), file_.c_str());
        }
    }
    ~Worker() { end(); }
    int pid() const { return pid_; }
    bool wait_until_ready() const {
        char byte;
        return ::read(ready_.fd(), &byte, 1) == 1;
    }
    void end() {
        if (pid_ <= 0) return;
        stay_ = Fd();
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
        pid_ = 0;
    }
    bool writes_to_a_device() const {
        struct statfs found{};
        return ::statfs(".", &found) == 0 && found.f_type != TMPFS_MAGIC && found.f_type != RAMFS_MAGIC;
    }

private:
    std::string file_ = "usage_test." + random_hex(8);
    Fd ready_, stay_;
    pid_t pid_ = 0;
};

}  // namespace

TEST_CASE("a process in a real group is measured: anon, shmem, CPU time, bytes to disk, the mark after its end") {
    const machine::CgroupTree tree = machine::find_cgroups();
    if (tree.kind == machine::CgroupKind::none) PLIM_SKIP("no cgroup hierarchy in which this user may make groups");
    if (tree.memory.empty()) PLIM_SKIP("the memory controller is not handed down to this user");
    const std::string group = "plimsoll/usage-test-" + random_hex(8);
    REQUIRE(machine::make_cgroup(tree, group));
    std::vector<std::string> folders;
    for (const std::string& hierarchy : tree.hierarchies()) folders.push_back(hierarchy + "/" + group);
    LocalUsage usage(tree, machine::read_host().value());
    const MachineClock clock;
    const Placement placement{.node = 0, .pid = 0, .group = group};
    {
        Worker worker(folders);
        REQUIRE(worker.wait_until_ready());
        usage.watch(attempt, placement, clock.now());
        const auto seen = usage.sample(attempt, clock.now());
        REQUIRE(seen);
        CHECK(seen->memory >= touched + shared);
        CHECK(seen->memory <= touched + shared + slack);
        CHECK(seen->cpu >= spun);
        CHECK(seen->cpu <= spun + 20s);
        CHECK(seen->processes == 1);
        if (worker.writes_to_a_device()) CHECK(seen->write_bytes >= written);
        CHECK(usage.memory_in_use() == seen->memory);
    }
    const auto last = usage.close(attempt, placement, clock.now());
    REQUIRE(last);
    CHECK(last->memory_high_water >= touched + shared);
    CHECK(last->cpu >= spun);
    usage.watch(attempt, placement, clock.now());
    REQUIRE(machine::remove_cgroup(tree, group));
    machine::remove_cgroup_if_empty(tree, std::string(machine::cgroup_top));
    CHECK_FALSE(usage.sample(attempt, clock.now()));
}

namespace {

/// In a process of its own, which may give up its rights: what is wrong, or 0.
int measure_by_proc_alone() {
    LocalUsage usage({}, machine::read_host().value());
    const MachineClock clock;
    Worker worker;
    if (!worker.wait_until_ready()) return 10;
    usage.watch(attempt, {.node = 0, .pid = worker.pid(), .group = {}}, clock.now());
    const auto seen = usage.sample(attempt, clock.now());
    if (!seen) return 11;
    if (seen->memory < touched + shared || seen->memory > touched + shared + slack) return 12;
    if (seen->cpu < spun - 20ms || seen->cpu > spun + 20s) return 13;
    if (seen->processes != 1) return 14;
    if (usage.kind() != "proc") return 15;
    if (worker.writes_to_a_device() && seen->write_bytes < written) return 16;
    worker.end();
    return usage.sample(attempt, clock.now()) ? 17 : 0;
}

}  // namespace

TEST_CASE("by /proc alone an ordinary user's processes are measured as well, all but the group's mark") {
    char folder[] = "/tmp/plimsoll-usage-XXXXXX";
    REQUIRE(::mkdtemp(folder) != nullptr);
    REQUIRE(::chmod(folder, 0777) == 0);
    const pid_t pid = ::fork();
    if (pid == 0) {
        constexpr uid_t nobody = 65534;
        if (::chdir(folder) < 0 || (::getuid() == 0 && (::setgid(nobody) < 0 || ::setuid(nobody) < 0))) ::_exit(9);
        ::prctl(PR_SET_DUMPABLE, 1);  // as after the exec that a login does; without it /proc/PID/io is root's
        ::_exit(measure_by_proc_alone());
    }
    int status = 0;
    ::waitpid(pid, &status, 0);
    ::rmdir(folder);
    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
}
