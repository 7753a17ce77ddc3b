// SPDX-License-Identifier: Apache-2.0
// Processes that agree through one ledger and are killed at any instant.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <filesystem>

#include "plimsoll/base/random.h"
#include "plimsoll/machine/ledger.h"

using namespace plimsoll;
using namespace plimsoll::machine;

namespace {

/// What each of the processes below believes it holds, in memory shared by all of them.
struct Scoreboard {
    static constexpr int players = 4;
    std::array<std::atomic<double>, players> cpu;
    std::array<std::atomic<bool>, players> dying;  ///< about to be killed: its share is free at any instant
    std::atomic<int> agreements, violations;
};

/// A ledger's file in a folder of its own, removed at the end.
struct Place {
    std::filesystem::path folder = std::filesystem::temp_directory_path() / ("plimsoll-ledger-test-" + random_hex(8));
    std::string file = folder / "ledger";
    Place() { std::filesystem::create_directory(folder); }
    ~Place() { std::filesystem::remove_all(folder); }
};

constexpr double cores = 4;

[[noreturn]] void play(const Place& place, Scoreboard& board, std::size_t me, std::uint64_t seed) {
    const MachineClock clock;
    Rng rng(seed);
    SharedLedger ledger(
        {.machine = {.cpu = {cores}}, .options = {}, .file = place.file, .used_by_this_run = {}, .memory = {}}, clock);
    while (true) {
        ledger.agree([&](const Resources& may) {
            const double cpu = may.cpu.count * rng.uniform();
            board.cpu[me] = cpu;
            double sum = 0;
            for (std::size_t at = 0; at < Scoreboard::players; ++at)
                if (!board.dying[at]) sum += board.cpu[at];
            if (sum > cores + 1e-9) ++board.violations;
            ++board.agreements;
            return Resources{.cpu = {cpu}};
        });
    }
}

pid_t start_player(const Place& place, Scoreboard& board, std::size_t me, std::uint64_t seed) {
    const pid_t pid = ::fork();
    if (pid == 0) play(place, board, me, seed);
    board.dying[me] = false;
    return pid;
}

void kill_player(Scoreboard& board, std::size_t player, pid_t pid) {
    board.dying[player] = true;
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    board.cpu[player] = 0;
}

}  // namespace

TEST_CASE("runs that are killed at any instant never make the others hold more than the machine together") {
    const std::uint64_t seed = 42;
    CAPTURE(seed);
    Rng rng(seed);
    const Place place;
    void* shared = ::mmap(nullptr, sizeof(Scoreboard), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    REQUIRE(shared != MAP_FAILED);
    Scoreboard& board = *new (shared) Scoreboard{};
    std::array<pid_t, Scoreboard::players> pids{};
    for (std::size_t at = 0; at < pids.size(); ++at) pids[at] = start_player(place, board, at, rng.next());
    for (int kills = 0; kills < 60; ++kills) {
        ::usleep(static_cast<useconds_t>(rng.between(0, 10'000)));
        const auto victim = static_cast<std::size_t>(rng.between(0, Scoreboard::players - 1));
        kill_player(board, victim, pids[victim]);
        pids[victim] = start_player(place, board, victim, rng.next());
    }
    for (std::size_t at = 0; at < pids.size(); ++at) kill_player(board, at, pids[at]);
    CHECK(board.violations == 0);
    CHECK(board.agreements > 1'000);
    ::munmap(shared, sizeof(Scoreboard));
}
