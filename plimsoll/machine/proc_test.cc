// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/proc.h"

#include <doctest/doctest.h>

#include "plimsoll/machine/proc_numbers.h"

using namespace plimsoll;
using namespace plimsoll::machine;
using namespace std::chrono_literals;

TEST_CASE("a process's stat is read whatever its name holds") {
    const char* text =
        "4711 (a) (b c) S 12 13 14 34816 4711 4194304 100 200 0 0 250 50 30 20 20 0 3 0 987654 1000 200 "
        "18446744073709551615 1 1\n";
    const auto stat = parse_process_stat(text);
    REQUIRE(stat);
    CHECK(*stat == ProcessStat{.pid = 4711,
                               .state = 'S',
                               .parent = 12,
                               .group = 13,
                               .session = 14,
                               .cpu = 3s,
                               .cpu_of_waited = 500ms,
                               .threads = 3,
                               .start_ticks = 987654});
}

TEST_CASE("a stat that is cut short gives nothing") {
    CHECK_FALSE(parse_process_stat(""));
    CHECK_FALSE(parse_process_stat("4711 (a"));
    CHECK_FALSE(parse_process_stat("4711 (a) S 12 13"));
    CHECK_FALSE(parse_process_stat("no numbers ) here"));
}

TEST_CASE("negative fields that nobody asks for do no harm") {
    const auto stat = parse_process_stat("1 (x) R 0 1 1 0 -1 4194560 1 1 0 0 1 1 -1 -1 -20 -5 1 0 7 0 0");
    REQUIRE(stat);
    CHECK(stat->start_ticks == 7);
    CHECK(stat->cpu_of_waited == 0s);
}

TEST_CASE("a process's memory is told by kind") {
    const auto memory = parse_process_memory(
        "Name:\tbwa\nVmPeak:\t  9999 kB\nVmHWM:\t  3000 kB\nVmRSS:\t  2500 kB\nRssAnon:\t  2000 kB\nRssFile:\t   400 "
        "kB\nRssShmem:\t   100 kB\n");
    REQUIRE(memory);
    CHECK(*memory == ProcessMemory{.anon = 2000_KiB, .file = 400_KiB, .shmem = 100_KiB, .high_water = 3000_KiB});
    CHECK_FALSE(parse_process_memory("Name:\tkthreadd\nState:\tS (sleeping)\n"));
}

TEST_CASE("a process's disk bytes are those of devices, not of the page cache") {
    const auto disk = parse_process_disk(
        "rchar: 1\nwchar: 2\nsyscr: 3\nsyscw: 4\nread_bytes: 4096\nwrite_bytes: 8192\ncancelled_write_bytes: 0\n");
    REQUIRE(disk);
    CHECK(*disk == ProcessDisk{4_KiB, 8_KiB, 3, 4});
}

TEST_CASE("numbers are found by the whole name of their line") {
    std::uint64_t rss = 0, cache = 7;
    const WantedNumber wanted[] = {{"total_rss", &rss}, {"cache", &cache}};
    CHECK(read_numbers("rss 1\ntotal_rss_huge 2\ntotal_rss 3\ntotal_rss 4\n", wanted) == 1);
    CHECK(rss == 3);
    CHECK(cache == 7);
    CHECK(read_numbers("cache max\ncache\n\ncache 99999999999999999999999\n", wanted) == 0);
}

TEST_CASE("a lone number is a number alone") {
    CHECK(single_number("42\n") == 42u);
    CHECK(single_number("0") == 0u);
    for (const char* text : {"", "\n", "max\n", "42 43\n", "-1\n", "99999999999999999999999\n"})
        CHECK_FALSE(single_number(text));
}

TEST_CASE("pressure is the total of some") {
    CHECK(
        pressure_total_us(
            "some avg10=0.00 avg60=1.50 avg300=0.00 total=12345\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=99\n") ==
        12345u);
    CHECK_FALSE(pressure_total_us("full avg10=0.00 total=99\n"));
}

TEST_CASE("disk traffic adds up over devices, in both generations") {
    CHECK(disk_traffic_v2("8:0 rbytes=10 wbytes=20 rios=3 wios=4 dbytes=0 dios=0\n8:16 rbytes=1 wbytes=2 rios=1\n") ==
          DiskTraffic{.bytes = {11, 22}, .operations = {4, 4}});
    CHECK(disk_counts_v1("8:0 Read 10\n8:0 Write 20\n8:0 Sync 30\n8:0 Total 30\n8:16 Read 1\nTotal 31\n") ==
          ReadAndWritten{11, 20});
    CHECK(disk_traffic_v2("") == DiskTraffic{});
}

TEST_CASE("network bytes add up over interfaces, but for the loopback") {
    const char* text =
        "Inter-|   Receive                                                |  Transmit\n"
        " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls\n"
        "    lo:    6460      58    0    0    0     0          0         0     6460      58    0    0    0     0\n"
        "  eth0: 556165963 13031    0    0    0     0          0         0   594808    7544    0    0    0     0\n"
        "  eth1:7 1 0 0 0 0 0 0 8 1\n  bad: 7\n";
    CHECK(network_bytes(text) == NetworkBytes{556165970, 594816});
    CHECK(network_bytes("") == NetworkBytes{});
}
