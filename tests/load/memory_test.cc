// SPDX-License-Identifier: Apache-2.0
#include "memory.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <string>

#include "blocks.h"
#include "plimsoll/base/file.h"
#include "tests/skip.h"
#include "tests/temporary_folder.h"

using namespace plimsoll;
using namespace plimsoll::load;

namespace {

/// Anonymous and shared memory that this process has mapped, by the kernel's own word.
Bytes mapped_need() {
    const std::string status = read_file("/proc/self/status").value();
    std::int64_t kib = 0;
    for (const char* const key : {"RssAnon:", "RssShmem:"})
        kib += std::strtoll(status.c_str() + status.find(key) + std::string_view(key).size(), nullptr, 10);
    return Bytes{kib * 1024};
}

}  // namespace

TEST_CASE("each way holds what it is asked to, and gives it back") {
    const plimsoll::tests::TemporaryFolder folder;
    for (const WayOfAllocating& way : ways_of_allocating()) {
        CAPTURE(way.name);
        auto memory = way.make(folder.path());
        // A build folder in memory is no place for a file that is meant to be cache.
        if (way.name == "cache" && !memory) continue;
        REQUIRE(memory.has_value());
        for (const Bytes amount : {3_MiB, 20_MiB, 40_MiB, 17_MiB, 0_B, 5_MiB}) {
            const Result<void> done = (*memory)->hold(amount);
            REQUIRE_MESSAGE(done.has_value(), done.error().message);
            CHECK((*memory)->held() >= amount);
            CHECK((*memory)->held() <= amount + block_size);
        }
    }
}

TEST_CASE("what is held is resident, what is given back goes to the kernel") {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    PLIM_SKIP("a sanitizer's own memory grows with what is touched");
#endif
    for (const std::string_view way : {"touch", "read", "mmap"}) {
        CAPTURE(way);
        const auto memory = make_memory(way, "/").value();
        const Bytes before = mapped_need();
        REQUIRE(memory->hold(32_MiB).has_value());
        CHECK(mapped_need() - before >= 31_MiB);
        REQUIRE(memory->hold(1_MiB).has_value());
        CHECK(mapped_need() - before <= 3_MiB);
    }
}

TEST_CASE("files leave no name behind") {
    const plimsoll::tests::TemporaryFolder folder;
    const auto memory = make_memory("cache", folder.path());
    if (memory) CHECK(::rmdir(folder.path().c_str()) == 0);
}

TEST_CASE("files in memory are no page cache") {
    const auto memory = make_memory("cache", "/dev/shm");
    REQUIRE_FALSE(memory.has_value());
    CHECK(memory.error().message == "/dev/shm lies in memory: its files are need, not cache; name another by --folder");
}

TEST_CASE("a way that there is not is refused") {
    CHECK(make_memory("guess", "/").error().message == "unknown way of allocating 'guess'");
}

TEST_CASE("a child that was killed is not hidden, however little is asked of it afterwards") {
    const auto memory = make_memory("fork", "/").value();
    REQUIRE(memory->hold(20_MiB).has_value());
    const std::string children = read_file("/proc/thread-self/children").value();
    ::kill(std::atoi(children.c_str()), SIGKILL);
    siginfo_t seen = {};
    ::waitid(P_PID, std::atoi(children.c_str()), &seen, WEXITED | WNOWAIT);
    const Result<void> done = memory->hold(20_MiB);
    REQUIRE_FALSE(done.has_value());
    CHECK(done.error().message.ends_with("was killed by signal 9"));
}
