// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/model/segment_codec.h"

#include <doctest/doctest.h>

#include "plimsoll/base/random.h"

using namespace plimsoll;
using namespace std::chrono_literals;

TEST_CASE("segments come back as they went in") {
    const std::vector<Segment> segments = {
        {.until = 100ms, .memory = 12_MiB, .cpu = {0.25}},
        {.until = 100ms, .memory = 0_B, .cpu = {}},
        {.until = 72h, .memory = {(std::int64_t{1} << 50) + 1}, .cpu = {128}},
    };
    CHECK(decode_segments(encode_segments(segments)).value() == segments);
    CHECK(decode_segments(encode_segments({})).value().empty());
}

// Worst case a segment: 9 bytes each for a time of 146 years, 2^63 bytes and a million cores.
TEST_CASE("128 segments take less than 4 KiB, and typically about 10 bytes each") {
    const std::vector<Segment> worst(128, {.until = Duration::max() / 2, .memory = {INT64_MAX}, .cpu = {1e9}});
    CHECK(encode_segments(worst).size() < 4096);
    std::vector<Segment> typical;
    for (int at = 1; at <= 128; ++at) typical.push_back({.until = at * 1s, .memory = {at * 12'345'678}, .cpu = {1.5}});
    CHECK(encode_segments(typical).size() < 1380);
}

TEST_CASE("a blob that was cut short or is not ours is damaged, never half read") {
    const std::string blob =
        encode_segments(std::vector<Segment>{{.until = 1s, .memory = 5_MiB, .cpu = {1}}, {.until = 2s}});
    for (std::size_t length = 0; length < blob.size(); ++length) {
        CAPTURE(length);
        const auto segments = decode_segments(std::string_view(blob).substr(0, length));
        REQUIRE_FALSE(segments.has_value());
        CHECK(segments.error().kind == ErrorKind::damaged);
    }
    CHECK_FALSE(decode_segments(blob + "x").has_value());
    CHECK_FALSE(decode_segments("{}").has_value());
}

TEST_CASE("random bytes are read or refused, and what was read is written the same") {
    const std::uint64_t seed = 7;
    CAPTURE(seed);
    Rng rng(seed);
    int read = 0;
    for (int round = 0; round < 20'000; ++round) {
        const std::int64_t count = rng.between(0, 3);
        std::string blob = {'\1', static_cast<char>(count)};
        for (std::int64_t length = count * 3 + rng.between(0, 2); length > 0; --length)
            blob.push_back(static_cast<char>(rng.next() & (rng.uniform() < 0.9 ? 0x7f : 0xff)));
        const auto segments = decode_segments(blob);
        if (!segments) continue;
        ++read;
        CHECK(decode_segments(encode_segments(*segments)).value() == *segments);
    }
    CHECK(read > 1'000);
}
