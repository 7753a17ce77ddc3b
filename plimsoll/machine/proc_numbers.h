// SPDX-License-Identifier: Apache-2.0
// Numbers out of the text that kernels give in /proc and in cgroups, parsed by hand: no allocation, one
// pass, and text that is not as expected gives nothing rather than a wrong number. Words are given as strings.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "plimsoll/base/units.h"

namespace plimsoll::machine {

/// A number wanted by the name that begins its line.
struct WantedNumber {
    std::string_view name;
    std::uint64_t* number;
};

/// Fills in what is wanted from lines like "total_rss 123" or "MemTotal:  123 kB" (the number as written);
/// the first line of a name counts. Gives how many were found; what was not found is left as it was.
int read_numbers(std::string_view text, std::span<const WantedNumber> wanted);

/// What stands behind "NAME<tabs>: " in the first line of that name that has something there; "" where there is none.
std::string value_behind(std::string_view text, std::string_view name);

/// A file that holds one number and nothing else; "max" and everything else that is none gives nothing.
std::optional<std::uint64_t> single_number(std::string_view text);

/// The `total` of the "some" line of a pressure file, in microseconds.
std::optional<std::uint64_t> pressure_total_us(std::string_view text);

/// Bytes, or operations.
struct ReadAndWritten {
    std::uint64_t read = 0;
    std::uint64_t written = 0;
    bool operator==(const ReadAndWritten&) const = default;
};
struct DiskTraffic {
    ReadAndWritten bytes;
    ReadAndWritten operations;
    bool operator==(const DiskTraffic&) const = default;
};
/// Of a v2 io.stat: "8:0 rbytes=1 wbytes=2 rios=3 wios=4", summed over devices.
DiskTraffic disk_traffic_v2(std::string_view text);
/// Of a v1 blkio file, of bytes (io_service_bytes) or operations (io_serviced): "8:0 Read 1", "8:0 Write 2",
/// summed over devices.
ReadAndWritten disk_counts_v1(std::string_view text);

/// What /proc tells in its unit of memory (it writes "kB" for it).
constexpr Bytes kibibytes(std::uint64_t count) { return {static_cast<std::int64_t>(count << 10)}; }

struct NetworkBytes {
    std::uint64_t in = 0;
    std::uint64_t out = 0;
    bool operator==(const NetworkBytes&) const = default;
};
/// Of a net/dev file, summed over all interfaces but the loopback.
NetworkBytes network_bytes(std::string_view text);

/// Cuts the first line off the front, without its end.
std::string_view take_line(std::string_view& text);
/// Cuts the first word off the front; blanks, tabs and colons separate.
std::string_view take_word(std::string_view& text);
/// Cuts a number off the front; nothing, and `text` as it was, when it does not begin with a digit or is too large.
std::optional<std::uint64_t> take_number(std::string_view& text);

}  // namespace plimsoll::machine
