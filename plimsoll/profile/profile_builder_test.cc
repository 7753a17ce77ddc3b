// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/profile/profile_builder.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <tuple>

#include "plimsoll/base/random.h"

using namespace plimsoll;
using namespace plimsoll::profile;
using namespace std::chrono_literals;

namespace {

const Instant start{1h};

Usage seen(Duration after, Bytes memory, Duration cpu = 0ns) {
    Usage usage;
    usage.at = start + after;
    usage.memory = memory;
    usage.cpu = cpu;
    return usage;
}

double cpu_seconds(const Profile& profile) {
    double sum = 0;
    Duration before{};
    for (const Segment& segment : profile.segments) {
        sum += segment.cpu.count * seconds(segment.until - before);
        before = segment.until;
    }
    return sum;
}

Bytes largest(const Profile& profile) {
    Bytes most{};
    for (const Segment& segment : profile.segments) most = std::max(most, segment.memory);
    return most;
}

constexpr double gib = 1 << 30;

}  // namespace

//  GiB 2 |      /----           up to 2 GiB in the first second: 1 GiB s
//      1 |     /                held for a second: 2; and as last seen up to the end at 3 s: 2
//      0 +----/----------
TEST_CASE("memory is integrated along straight lines between samples, and held from the last to the end") {
    ProfileBuilder builder(start);
    builder.add(seen(1s, 2_GiB));
    builder.add(seen(2s, 2_GiB));
    CHECK(builder.finish(start + 3s, {}).memory_byte_seconds == doctest::Approx(5 * gib));
}

TEST_CASE("an attempt that ended before its first sample counts half its peak over its runtime") {
    const Profile profile = ProfileBuilder(start).finish(start + 50ms, {.cpu = 20ms, .process_high_water = 1_GiB});
    CHECK(profile.memory_peak == 1_GiB);
    CHECK(profile.memory_byte_seconds == doctest::Approx(0.5 * 0.05 * gib));
    CHECK(profile.cpu == 20ms);
    CHECK(profile.cpu_peak.count == doctest::Approx(0.4));
    CHECK(profile.samples == 0);
    REQUIRE(profile.segments.size() == 1);
    CHECK(profile.segments[0].until == 50ms);
    CHECK(profile.segments[0].memory == 1_GiB);
    CHECK(profile.segments[0].cpu.count == doctest::Approx(0.4));
}

TEST_CASE("what samples that came too early missed is as much as both group and process can have had") {
    for (const auto& [runtime, process, expected] : {std::tuple(300ms, 9_MiB, 5_MiB), std::tuple(300ms, 4_MiB, 4_MiB),
                                                     std::tuple(300ms, 0_B, 0_B), std::tuple(3000ms, 9_MiB, 0_B)}) {
        ProfileBuilder builder(start);
        builder.add(seen(100ms, 0_B));
        Usage last = seen(runtime, 0_B);
        last.memory_high_water = 6_MiB;
        last.page_cache = 1_MiB;
        builder.close(last);
        CHECK(builder.finish(start + runtime, {.process_at_most = process}).memory_peak == expected);
    }
}

TEST_CASE("what no process exceeded stands for the peak only where nothing else is known, a group included") {
    const AtEnd told{.process_at_most = 9_MiB};
    ProfileBuilder sampled(start);
    sampled.add(seen(100ms, 2_MiB));
    ProfileBuilder grouped(start);
    Usage last = seen(50ms, 0_B);
    last.memory_high_water = 1_MiB;
    grouped.close(last);
    CHECK(ProfileBuilder(start).finish(start + 50ms, told).memory_peak == 9_MiB);
    CHECK(sampled.finish(start + 150ms, told).memory_peak == 2_MiB);
    CHECK(grouped.finish(start + 50ms, told).memory_peak == 1_MiB);
    CHECK(ProfileBuilder(start).finish(start + 50ms, {.process_high_water = 12_MiB}).memory_peak == 12_MiB);
}

// Sampled at 1 GiB after 0.1 s and seen no more until the end at 1.1 s, but the kernel saw 3 GiB. Head: 0.05
// GiB s. Tail: from 1 up to 3 and back to 1, twice (1 + 3)/2 over half a second: 2 GiB s.
TEST_CASE("a peak that no sample met lies in the longest stretch without one") {
    ProfileBuilder builder(start);
    builder.add(seen(100ms, 1_GiB));
    const Profile profile = builder.finish(start + 1100ms, {.process_high_water = 3_GiB});
    CHECK(profile.memory_byte_seconds == doctest::Approx(2.05 * gib));
    CHECK(profile.memory_peak == 3_GiB);
    CHECK(largest(profile) == 3_GiB);
}

// 1000 MiB for a second at 10 Hz, then 100 MiB seen once a second: the mark, 4 MiB higher, is no new peak in a gap.
TEST_CASE("a mark just above the largest sample is of the peak that was seen") {
    ProfileBuilder builder(start);
    for (int at = 1; at <= 10; ++at) builder.add(seen(at * 100ms, 1000_MiB));
    for (int at = 2; at <= 5; ++at) builder.add(seen(at * 1000ms, 100_MiB));
    const Profile profile = builder.finish(start + 5s, {.process_high_water = 1004_MiB});
    CHECK(profile.memory_peak == 1004_MiB);
    CHECK(largest(profile) == 1004_MiB);
    for (std::size_t at = 0; at < profile.segments.size(); ++at)
        if (at > 0 && profile.segments[at - 1].until >= 2s) CHECK(profile.segments[at].memory == 100_MiB);
    CHECK(profile.segments.back().memory == 100_MiB);
}

TEST_CASE("samples of several processes together outweigh the mark of the largest one") {
    ProfileBuilder builder(start);
    builder.add(seen(1s, 3_GiB));
    CHECK(builder.finish(start + 2s, {.process_high_water = 1_GiB}).memory_peak == 3_GiB);
}

// On a machine of many CPUs the kernel tells a group's memory late.
TEST_CASE("a process's mark that a sample saw tells of a peak which the group's memory did not show") {
    Usage sample = seen(1s, 30_MiB);
    sample.process_high_water = 40_MiB;
    Usage closing = seen(1100ms, 0_B);
    closing.memory_high_water = 45_MiB;
    ProfileBuilder builder(start);
    builder.add(sample);
    builder.close(closing);
    CHECK(builder.finish(start + 1050ms, {}).memory_peak == 40_MiB);
}

// A tiny command maps 8 MiB of shared libraries, which its VmHWM counts and its group was never charged for.
TEST_CASE("a process's mark counts no further than the group's own, read after the end") {
    Usage closing = seen(60ms, 0_B, 30ms);
    closing.memory_high_water = 1_MiB;
    ProfileBuilder builder(start);
    builder.close(closing);
    const Profile profile = builder.finish(start + 50ms, {.cpu = 20ms, .process_high_water = 8_MiB});
    CHECK(profile.memory_peak == 1_MiB);
    CHECK(profile.memory_high_water == 1_MiB);
    CHECK(profile.cpu == 30ms);
    CHECK(profile.runtime == 50ms);
    CHECK(profile.samples == 0);
}

// The mark of a process that never grew beyond what started it tells nothing. The group was charged 9 MiB, of
// which 6 are files that it read.
TEST_CASE("an attempt that nothing else is known of needed its group's mark less the page cache left") {
    Usage closing = seen(60ms, 0_B, 30ms);
    closing.memory_high_water = 9_MiB;
    closing.page_cache = 6_MiB;
    ProfileBuilder builder(start);
    builder.close(closing);
    CHECK(builder.finish(start + 50ms, {.cpu = 20ms}).memory_peak == 3_MiB);
    ProfileBuilder sampled(start);
    sampled.add(seen(40ms, 1_MiB));
    sampled.close(closing);
    CHECK(sampled.finish(start + 50ms, {.cpu = 20ms}).memory_peak == 1_MiB);
}

// The group's mark as of the last sample says nothing about what came after it.
TEST_CASE("a group's mark that is older than the end bounds nothing") {
    Usage early = seen(100ms, 1_MiB);
    early.memory_high_water = 2_MiB;
    ProfileBuilder builder(start);
    builder.add(early);
    CHECK(builder.finish(start + 1s, {.process_high_water = 500_MiB}).memory_peak == 500_MiB);
}

TEST_CASE("the busiest interval is the peak of cores, and one too short to tell joins the one before") {
    ProfileBuilder builder(start);
    builder.add(seen(1s, 0_B, 500ms));
    builder.add(seen(1100ms, 0_B, 700ms));  // two cores for a tenth of a second
    builder.add(seen(2s, 0_B, 1s));
    CHECK(builder.finish(start + 2s, {}).cpu_peak.count == doctest::Approx(2));
    // 9 ms of CPU time in the last millisecond: late accounting, not nine cores.
    CHECK(builder.finish(start + 2001ms, {.cpu = 1009ms}).cpu_peak.count == doctest::Approx(2));
}

TEST_CASE("disk bytes of processes that sampling missed count by what the kernel told at the end") {
    ProfileBuilder builder(start);
    Usage usage = seen(1s, 1_MiB);
    usage.read_bytes = 1_MiB;
    usage.write_bytes = 9_MiB;
    builder.add(usage);
    const Profile profile = builder.finish(start + 2s, {.read_bytes = 3_MiB, .write_bytes = 2_MiB});
    CHECK(profile.read_bytes == 3_MiB);
    CHECK(profile.write_bytes == 9_MiB);
}

TEST_CASE("counters that read less than before stay as they were, and samples out of order are ignored") {
    ProfileBuilder builder(start);
    Usage usage = seen(1s, 1_MiB, 900ms);
    usage.read_bytes = 4_KiB;
    usage.read_operations = 7;
    usage.write_operations = 8;
    usage.network_in = 1_KiB;
    usage.network_out = 2_KiB;
    usage.processes = 5;
    usage.threads = 6;
    builder.add(usage);
    builder.add(seen(1s, 9_GiB, 9s));
    builder.add(seen(500ms, 9_GiB, 9s));
    builder.add(seen(2s, 1_MiB, 100ms));
    const Profile profile = builder.finish(start + 2s, {});
    CHECK(profile.cpu == 900ms);
    CHECK(profile.read_bytes == 4_KiB);
    CHECK(profile.read_operations == 7);
    CHECK(profile.write_operations == 8);
    CHECK(profile.network_in == 1_KiB);
    CHECK(profile.network_out == 2_KiB);
    CHECK(profile.processes_peak == 5);
    CHECK(profile.threads_peak == 6);
    CHECK(profile.samples == 2);
    CHECK(profile.memory_peak == 1_MiB);
}

TEST_CASE("whatever the samples, the curve is bounded, covers the runtime, and keeps peak and CPU time") {
    const std::uint64_t seed = 11;
    CAPTURE(seed);
    Rng rng(seed);
    for (int round = 0; round < 50; ++round) {
        ProfileBuilder builder(start);
        Duration at{}, cpu{};
        for (std::int64_t left = rng.between(0, 600); left > 0; --left) {
            at += Duration(rng.between(1, 2'000'000'000));
            cpu += Duration(rng.between(0, 3'000'000'000));
            builder.add(seen(at, {rng.between(0, 1 << 30)}, cpu));
        }
        const Profile profile =
            builder.finish(start + at + 1s, {.cpu = cpu + 1s, .process_high_water = {rng.between(0, 1 << 30)}});
        REQUIRE_FALSE(profile.segments.empty());
        REQUIRE(profile.segments.size() <= Curve::most_segments);
        REQUIRE(profile.segments.back().until == profile.runtime);
        REQUIRE(largest(profile) == profile.memory_peak);
        REQUIRE(cpu_seconds(profile) == doctest::Approx(seconds(profile.cpu)));
        REQUIRE(profile.memory_byte_seconds <=
                static_cast<double>(profile.memory_peak.count) * seconds(profile.runtime) * 1.000001);
    }
}
