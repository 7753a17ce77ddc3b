// SPDX-License-Identifier: Apache-2.0
// LocalEngine where the machine is short: of open files, of a program that is whole.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "tests/engine_bench.h"

using namespace plimsoll;
using namespace plimsoll::engine;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

rlimit descriptor_limit() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    return limit;
}

const rlimit at_start = descriptor_limit();

}  // namespace

TEST_CASE("we may open more files than we were started with, a task no more than that") {
    Bench bench;
    const rlimit now = descriptor_limit();
    CHECK(now.rlim_cur >= std::min<rlim_t>(now.rlim_max, 1 << 16));
    REQUIRE(bench.engine->start(bench.launch("ulimit -Sn")));
    REQUIRE(bench.engine->wait(bench.clock.now() + 10s).size() == 1);
    CHECK(bench.log() == std::to_string(at_start.rlim_cur) + "\n");
}

TEST_CASE("a program that is just being written is not for ever impossible to run") {
    Bench bench;
    const std::string tool = bench.folder + "/tool";
    fs::copy_file("/bin/true", tool);
    const Fd writer = open_file(tool, O_WRONLY).value();
    const auto started = bench.engine->start(bench.launch("./tool"));
    REQUIRE(!started);
    CHECK(started.error().kind == ErrorKind::refused);
}

TEST_CASE("where no more files can be open, a start is refused, and possible again when some are closed") {
    Bench bench;
    const rlimit before = descriptor_limit();
    std::vector<Fd> taken;
    const rlimit low{.rlim_cur = 64, .rlim_max = before.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &low) == 0);
    while (auto another = open_file("/dev/null", O_RDONLY)) taken.push_back(std::move(*another));
    const auto refused = bench.engine->start(bench.launch("true"));
    taken.clear();
    ::setrlimit(RLIMIT_NOFILE, &before);
    REQUIRE(!refused);
    CHECK(refused.error().kind == ErrorKind::refused);
    CHECK(refused.error().message.find("Too many open files") != std::string::npos);
    REQUIRE(bench.engine->start(bench.launch("true")));
    CHECK(bench.engine->wait(bench.clock.now() + 10s).size() == 1);
}
