// SPDX-License-Identifier: Apache-2.0
// Amounts as types: Bytes and Cores cannot be mixed up, and a reader sees which one a number is.
// Also their one spelling: what the user writes (3GiB, 500m, 1h30m) and what Plimsoll prints.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "plimsoll/base/result.h"
#include "plimsoll/base/time.h"

namespace plimsoll {

/// An amount of one unit: adds, scales and compares like a number, and converts to nothing.
template <class Unit, class Number>
struct Amount {
    Number count{};

    constexpr auto operator<=>(const Amount&) const = default;
    constexpr Amount& operator+=(Amount other) {
        count += other.count;
        return *this;
    }
    constexpr Amount& operator-=(Amount other) {
        count -= other.count;
        return *this;
    }
    friend constexpr Amount operator+(Amount a, Amount b) { return {a.count + b.count}; }
    friend constexpr Amount operator-(Amount a, Amount b) { return {a.count - b.count}; }
    friend constexpr Amount operator*(Amount a, double factor) {
        return {static_cast<Number>(static_cast<double>(a.count) * factor)};
    }
    friend constexpr double operator/(Amount a, Amount b) {
        return static_cast<double>(a.count) / static_cast<double>(b.count);
    }
};

using Bytes = Amount<struct ByteUnit, std::int64_t>;
using Cores = Amount<struct CoreUnit, double>;

inline namespace literals {
constexpr Bytes operator""_B(unsigned long long n) { return {static_cast<std::int64_t>(n)}; }
constexpr Bytes operator""_KiB(unsigned long long n) { return {static_cast<std::int64_t>(n) << 10}; }
constexpr Bytes operator""_MiB(unsigned long long n) { return {static_cast<std::int64_t>(n) << 20}; }
constexpr Bytes operator""_GiB(unsigned long long n) { return {static_cast<std::int64_t>(n) << 30}; }
constexpr Cores operator""_cores(unsigned long long n) { return {static_cast<double>(n)}; }
constexpr Cores operator""_cores(long double n) { return {static_cast<double>(n)}; }
}  // namespace literals

/// "3GiB", "1.5 GB", "512M" (M, G ... are binary, as in Slurm), "4096" (bytes). Never negative.
Result<Bytes> parse_bytes(std::string_view text);
/// "2", "0.5", "500m" (thousandths, as in Kubernetes). Never negative.
Result<Cores> parse_cores(std::string_view text);
/// "90s", "1h30m", "250ms", "2 days", "1:30:00" (h:m:s), "90" (seconds). Never negative.
Result<Duration> parse_duration(std::string_view text);

/// Three significant digits with a binary unit: "1.50 GiB", "32.0 MiB", "0 B".
std::string format(Bytes amount);
/// "2", "0.35": two decimals at most.
std::string format(Cores amount);
/// "0.24 s", "12.3 s", "4m 05s", "1h 02m".
std::string format(Duration span);

}  // namespace plimsoll
