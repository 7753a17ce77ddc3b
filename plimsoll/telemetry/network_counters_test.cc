// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/telemetry/network_counters.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>

#include <array>
#include <filesystem>

#include "tests/literal_tree.h"

using namespace plimsoll;
using namespace plimsoll::telemetry;

namespace {

const AttemptId one{1, 1}, other{2, 1};

/// Processes in network namespaces; what their interfaces have counted is rewritten as a test goes on.
struct Machine {
    LiteralTree files{{{"/proc/stat", ""}}};
    Fd proc{::open((files.root + "/proc").c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)};
    ReadBuffer buffer;

    Machine() { place("self", 1); }
    void place(const std::string& process, int network) const {
        const std::string folder = files.root + "/proc/" + process + "/ns";
        std::filesystem::create_directories(folder);
        std::filesystem::create_symlink(fmt::format("net:[{}]", network), folder + "/net");
    }
    void count(const std::string& process, int in, int out) const {
        files.write("/proc/" + process + "/net/dev",
                    fmt::format("Inter-| Receive\n face |bytes\n    lo: 999 1 0 0 0 0 0 0 999 1 0\n"
                                "  eth0: {} 1 0 0 0 0 0 0 {} 1 0\n",
                                in, out));
    }
    std::pair<Bytes, Bytes> seen(NetworkCounters& counters, AttemptId attempt, std::vector<int> pids) {
        Usage usage;
        counters.add(attempt, pids, usage, buffer);
        return {usage.network_in, usage.network_out};
    }
};

using Traffic = std::pair<Bytes, Bytes>;

}  // namespace

TEST_CASE("a namespace of its own counts from when it was first seen, and on after its last process") {
    Machine machine;
    machine.place("10", 1);
    machine.place("11", 7);
    machine.count("10", 5000, 6000);
    machine.count("11", 100, 10);
    NetworkCounters counters(machine.proc.fd());
    CHECK(machine.seen(counters, one, {10, 11}) == Traffic{});
    machine.count("10", 9000, 9000);
    machine.count("11", 150, 30);
    CHECK(machine.seen(counters, one, {10, 11}) == Traffic{50_B, 20_B});
    CHECK(machine.seen(counters, one, {10}) == Traffic{50_B, 20_B});
    counters.forget(one);
    CHECK(machine.seen(counters, one, {10}) == Traffic{});
}

TEST_CASE("a namespace in which two attempts are met counts for neither from then on") {
    Machine machine;
    machine.place("10", 7);
    machine.place("11", 7);
    machine.count("10", 100, 0);
    machine.count("11", 100, 0);
    NetworkCounters counters(machine.proc.fd());
    machine.seen(counters, one, {10});
    machine.count("10", 130, 0);
    CHECK(machine.seen(counters, one, {10}) == Traffic{30_B, 0_B});
    machine.count("10", 200, 0);
    machine.count("11", 200, 0);
    CHECK(machine.seen(counters, other, {11}) == Traffic{});
    CHECK(machine.seen(counters, one, {10}) == Traffic{30_B, 0_B});
}

TEST_CASE("without a namespace to be seen nothing is told") {
    Machine machine;
    NetworkCounters counters(machine.proc.fd());
    CHECK(machine.seen(counters, one, {10}) == Traffic{});
}
