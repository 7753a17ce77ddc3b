// SPDX-License-Identifier: Apache-2.0
// Memory that is held in one of the ways in which programs get theirs, since limits treat them differently: at
// its limit a user page fault stalls or kills, while a read() into fresh memory gives EFAULT, a fork() ENOMEM, and a
// write to tmpfs falls short.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/base/result.h"
#include "plimsoll/base/units.h"

namespace plimsoll::load {

class Memory {
public:
    virtual ~Memory() = default;
    /// Holds this much from here on, up to a block more; returns when it does. An error: it could not, and why.
    virtual Result<void> hold(Bytes amount) = 0;
    virtual Bytes held() const = 0;
};

struct WayOfAllocating {
    std::string_view name;
    std::string_view description;
    /// `folder`: where files go that are not in memory.
    Result<std::unique_ptr<Memory>> (*make)(const std::string& folder);
};

/// touch, read, tmpfs, mmap, fork, cache.
std::span<const WayOfAllocating> ways_of_allocating();
Result<std::unique_ptr<Memory>> make_memory(std::string_view way, const std::string& folder);

}  // namespace plimsoll::load
