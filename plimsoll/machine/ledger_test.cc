// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/ledger.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "plimsoll/base/random.h"

using namespace plimsoll;
using namespace plimsoll::machine;
using namespace std::chrono_literals;

namespace {

Resources of(const char* text) { return parse_resources(text).value(); }

/// A ledger's file in a folder of its own, removed at the end.
struct Place {
    std::filesystem::path folder = std::filesystem::temp_directory_path() / ("plimsoll-ledger-test-" + random_hex(8));
    std::string file = folder / "ledger";
    Place() { std::filesystem::create_directory(folder); }
    ~Place() { std::filesystem::remove_all(folder); }
};

SharedLedger ledger_at(const Place& place, const Clock& clock, HoldingOptions options = {}) {
    return SharedLedger({.machine = of("cpu=4 memory=16GiB"),
                         .options = options,
                         .file = place.file,
                         .used_by_this_run = {},
                         .memory = {}},
                        clock);
}

/// Holds so much from here on, and gives what it could have held.
Resources hold(SharedLedger& ledger, const Resources& amounts) {
    Resources most;
    ledger.agree([&](const Resources& may) { return most = may, amounts; });
    return most;
}

Resources offered(SharedLedger& ledger) { return hold(ledger, {}); }

}  // namespace

TEST_CASE("a run may hold the machine less what others hold, less what is to stay free, within its own limits") {
    const Resources machine = of("cpu=4 memory=16GiB gpu=2");
    CHECK(may_hold(machine, {}, {}, {}) == machine);
    CHECK(may_hold(machine, {}, of("cpu=1 memory=6GiB gpu=1"), 2_GiB) == of("cpu=3 memory=8GiB gpu=1"));
    CHECK(may_hold(machine, {.keep_free = 4_GiB}, of("memory=6GiB"), 2_GiB) == of("cpu=4 memory=4GiB gpu=2"));
    CHECK(may_hold(machine, {.max_cpu = 2_cores, .max_memory = 10_GiB}, of("cpu=1"), {}) ==
          of("cpu=2 memory=10GiB gpu=2"));
    CHECK(may_hold(machine, {.max_cpu = 2_cores, .max_memory = 10_GiB}, of("cpu=3"), 8_GiB) ==
          of("cpu=1 memory=8GiB gpu=2"));
    CHECK(may_hold(machine, {}, of("cpu=9 memory=20GiB gpu=3"), 1_GiB) == Resources{});
}

TEST_CASE("what runs use is not used by others, and more than nothing is never less") {
    CHECK(used_by_foreign({.total = 16_GiB, .available = 6_GiB}, 7_GiB) == 3_GiB);
    CHECK(used_by_foreign({.total = 16_GiB, .available = 10_GiB}, 7_GiB) == 0_B);
}

TEST_CASE("what one run holds, another may not, until it is given back") {
    const Place place;
    const MachineClock clock;
    SharedLedger a = ledger_at(place, clock), b = ledger_at(place, clock);
    CHECK(hold(a, of("cpu=3 memory=10GiB")) == of("cpu=4 memory=16GiB"));
    CHECK(hold(b, of("cpu=1 memory=2GiB")) == of("cpu=1 memory=6GiB"));
    CHECK(offered(a) == of("cpu=3 memory=14GiB"));
    CHECK(offered(b) == of("cpu=4 memory=16GiB"));
    CHECK(b.total() == of("cpu=4 memory=16GiB"));
}

TEST_CASE("a run that ended holds nothing") {
    const Place place;
    const MachineClock clock;
    SharedLedger stays = ledger_at(place, clock);
    {
        SharedLedger goes = ledger_at(place, clock);
        hold(goes, of("cpu=4 memory=16GiB"));
        CHECK(offered(stays) == Resources{});
    }
    CHECK(offered(stays) == of("cpu=4 memory=16GiB"));
}

// 16 GiB, of which 9 are in use: 3 by this run, 4 by the other, so 2 by other programs.
TEST_CASE("memory that other programs use is left to them, what other runs use is counted by their reservations") {
    const Place place;
    ManualClock clock;
    const auto ledger = [&](Bytes used) {
        return SharedLedger({.machine = of("cpu=4 memory=16GiB"),
                             .options = {},
                             .file = place.file,
                             .used_by_this_run = [used] { return used; },
                             .memory = [] { return MemoryState{.total = 16_GiB, .available = 7_GiB}; }},
                            clock);
    };
    SharedLedger mine = ledger(3_GiB), other = ledger(4_GiB);
    hold(other, of("memory=5GiB"));
    CHECK(offered(mine) == of("cpu=4 memory=9GiB"));
    CHECK(mine.others() == Others{.runs = of("memory=5GiB"), .programs = 2_GiB, .kept_free = {}});
}

TEST_CASE("while another run keeps the lock, a run keeps what it holds and gets no more") {
    const Place place;
    const MachineClock clock;
    SharedLedger a = ledger_at(place, clock), b = ledger_at(place, clock);
    hold(b, of("memory=2GiB"));
    a.agree([&](const Resources&) {
        CHECK(hold(b, of("memory=1GiB")) == of("memory=2GiB"));
        return Resources{};
    });
    CHECK(hold(b, {}) == of("cpu=4 memory=16GiB"));
}

TEST_CASE("a deleted file is made again, and those who hold something say so again") {
    const Place place;
    const MachineClock clock;
    SharedLedger a = ledger_at(place, clock), b = ledger_at(place, clock);
    hold(a, of("cpu=3 memory=10GiB"));
    std::filesystem::remove(place.file);
    hold(a, of("cpu=3 memory=10GiB"));
    CHECK(offered(b) == of("cpu=1 memory=6GiB"));
    CHECK_FALSE(b.take_notice());
}

TEST_CASE("while a living run's slot is damaged, nobody gets more; its next agreement repairs it") {
    const Place place;
    const MachineClock clock;
    SharedLedger a = ledger_at(place, clock), b = ledger_at(place, clock);
    hold(a, of("cpu=3 memory=10GiB"));
    SUBCASE("overwritten") { std::ofstream(place.file, std::ios::in | std::ios::out) << "what is this?"; }
    SUBCASE("emptied") { std::filesystem::resize_file(place.file, 0); }
    CHECK(offered(b) == Resources{});
    hold(a, of("cpu=3 memory=10GiB"));
    CHECK(offered(b) == of("cpu=1 memory=6GiB"));
}

TEST_CASE("a file full of anything is taken over when nobody alive is in it") {
    const Place place;
    Rng rng(3);
    std::ofstream file(place.file, std::ios::binary);
    for (int left = 100'000; left > 0; --left) file.put(static_cast<char>(rng.next()));
    file.close();
    const MachineClock clock;
    SharedLedger a = ledger_at(place, clock), b = ledger_at(place, clock);
    CHECK(hold(a, of("memory=10GiB")) == of("cpu=4 memory=16GiB"));
    CHECK(offered(b) == of("cpu=4 memory=6GiB"));
}

TEST_CASE("links and other things in the file's place are refused with one notice, and the run goes on alone") {
    const Place place;
    const std::string victim = place.folder / "victim";
    std::ofstream(victim) << "precious";
    SUBCASE("symbolic link") { std::filesystem::create_symlink(victim, place.file); }
    SUBCASE("hard link") { std::filesystem::create_hard_link(victim, place.file); }
    SUBCASE("pipe") { REQUIRE(::mkfifo(place.file.c_str(), 0666) == 0); }
    SUBCASE("folder") { std::filesystem::create_directory(place.file); }
    const MachineClock clock;
    SharedLedger ledger = ledger_at(place, clock, {.keep_free = 1_GiB});
    CHECK(hold(ledger, of("memory=2GiB")) == of("cpu=4 memory=15GiB"));
    CHECK(ledger.take_notice());
    CHECK_FALSE(ledger.take_notice());
    CHECK(std::filesystem::file_size(victim) == 8);
}

TEST_CASE("the file is open to all users whatever the umask") {
    const Place place;
    const MachineClock clock;
    const mode_t before = ::umask(077);
    const SharedLedger ledger = ledger_at(place, clock);
    ::umask(before);
    CHECK(std::filesystem::status(place.file).permissions() == std::filesystem::perms{0666});
}
