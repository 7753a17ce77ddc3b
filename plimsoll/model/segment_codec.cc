// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/model/segment_codec.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <optional>

namespace plimsoll {
namespace {

constexpr char version = 1;
constexpr std::uint64_t most_microseconds = 4'600'000'000'000'000;  // 146 years, as from_seconds() saturates
constexpr double thousandths = 1000;
constexpr std::uint64_t most_thousandths = 1'000'000'000'000;

void put(std::string& blob, std::uint64_t number) {
    for (; number >= 0x80; number >>= 7) blob.push_back(static_cast<char>(number | 0x80));
    blob.push_back(static_cast<char>(number));
}

/// Takes a number off the front; nothing when it is cut short or does not fit 63 bits.
std::optional<std::uint64_t> take(std::string_view& blob) {
    std::uint64_t number = 0;
    for (int shift = 0; shift < 63 && !blob.empty(); shift += 7) {
        const auto byte = static_cast<unsigned char>(blob.front());
        blob.remove_prefix(1);
        number |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
        if (byte < 0x80) return number;
    }
    return std::nullopt;
}

std::uint64_t microseconds_of(Duration time) {
    return static_cast<std::uint64_t>(
        std::max<std::int64_t>(0, std::chrono::round<std::chrono::microseconds>(time).count()));
}

Error damaged() {
    return {ErrorKind::damaged, "the segments of a profile cannot be read: not written by this version of Plimsoll"};
}

}  // namespace

std::string encode_segments(std::span<const Segment> segments) {
    std::string blob(1, version);
    put(blob, segments.size());
    std::uint64_t before = 0;
    for (const Segment& segment : segments) {
        const std::uint64_t until = std::max(before, microseconds_of(segment.until));
        put(blob, until - before);
        put(blob, static_cast<std::uint64_t>(std::max<std::int64_t>(0, segment.memory.count)));
        put(blob, static_cast<std::uint64_t>(std::llround(
                      std::clamp(segment.cpu.count * thousandths, 0.0, static_cast<double>(most_thousandths)))));
        before = until;
    }
    return blob;
}

Result<std::vector<Segment>> decode_segments(std::string_view blob) {
    if (blob.empty() || blob.front() != version) return damaged();
    blob.remove_prefix(1);
    const std::optional<std::uint64_t> count = take(blob);
    if (!count || *count > blob.size() / 3) return damaged();
    std::vector<Segment> segments;
    segments.reserve(*count);
    std::uint64_t until = 0;
    for (std::uint64_t at = 0; at < *count; ++at) {
        const auto length = take(blob), memory = take(blob), cpu = take(blob);
        if (!length || !memory || !cpu || *length > most_microseconds - until || *cpu > most_thousandths)
            return damaged();
        until += *length;
        segments.push_back({.until = std::chrono::microseconds(until),
                            .memory = {static_cast<std::int64_t>(*memory)},
                            .cpu = {static_cast<double>(*cpu) / thousandths}});
    }
    if (!blob.empty()) return damaged();
    return segments;
}

}  // namespace plimsoll
