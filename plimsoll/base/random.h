// SPDX-License-Identifier: Apache-2.0
// Chance as an argument: a seeded generator (xoshiro256**, Blackman and Vigna 2018) whose stream is the
// same on every machine, unlike the standard library's distributions.
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace plimsoll {

class Rng {
public:
    explicit Rng(std::uint64_t seed);
    std::uint64_t next();
    /// Uniform in [0, 1).
    double uniform();
    /// Uniform in [low, high], both included.
    std::int64_t between(std::int64_t low, std::int64_t high);
    /// Standard normal.
    double normal();

private:
    std::array<std::uint64_t, 4> state_;
};

/// So many hexadecimal digits from the kernel's entropy: for names that must not collide across processes.
std::string random_hex(int digits);

}  // namespace plimsoll
