// SPDX-License-Identifier: Apache-2.0
// 128-bit content hash (XXH3): tells contents apart, does not resist an adversary. Behind libxxhash.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace plimsoll {

struct Hash128 {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    auto operator<=>(const Hash128&) const = default;
    std::string hex() const;
};

Hash128 hash_of(std::string_view bytes);

/// Hashes what does not stand in memory at once.
class Hasher {
public:
    Hasher();
    ~Hasher();
    Hasher(const Hasher&) = delete;
    Hasher& operator=(const Hasher&) = delete;
    /// The length goes in first, so that ("ab", "c") and ("a", "bc") differ.
    void add_field(std::string_view field);
    void add_raw(std::string_view bytes);
    Hash128 digest() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace plimsoll
