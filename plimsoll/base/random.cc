// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/base/random.h"

#include <bit>
#include <cmath>
#include <numbers>
#include <random>

#include "plimsoll/base/check.h"

namespace plimsoll {
namespace {

std::uint64_t split_mix(std::uint64_t& state) {
    std::uint64_t z = (state += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

}  // namespace

Rng::Rng(std::uint64_t seed) {
    for (auto& word : state_) word = split_mix(seed);
}

std::uint64_t Rng::next() {
    auto& s = state_;
    const std::uint64_t result = std::rotl(s[1] * 5, 7) * 9;
    const std::uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = std::rotl(s[3], 45);
    return result;
}

double Rng::uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

std::int64_t Rng::between(std::int64_t low, std::int64_t high) {
    PLIM_CHECK(low <= high, "an empty range has nothing to draw");
    const auto width = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low) + 1;
    // The bias of the remainder is below 2^-32 for every width in use here.
    return width == 0 ? static_cast<std::int64_t>(next()) : low + static_cast<std::int64_t>(next() % width);
}

double Rng::normal() {
    const double radius = std::sqrt(-2 * std::log(1 - uniform()));
    return radius * std::cos(2 * std::numbers::pi * uniform());
}

std::string random_hex(int digits) {
    std::random_device entropy;
    std::string text;
    while (static_cast<int>(text.size()) < digits) text += "0123456789abcdef"[entropy() & 15];
    return text;
}

}  // namespace plimsoll
