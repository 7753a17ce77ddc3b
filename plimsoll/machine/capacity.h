// SPDX-License-Identifier: Apache-2.0
// Capacity: how much of the machine this run may hold, agreed with the other runs on it.
#pragma once

#include <functional>

#include "plimsoll/model/resources.h"

namespace plimsoll::machine {

/// Who has what of the machine beside this run.
struct Others {
    Resources runs;     ///< reserved by other runs
    Bytes programs{};   ///< memory that programs beside Plimsoll use
    Bytes kept_free{};  ///< memory that the user keeps free
    bool operator==(const Others&) const = default;
};

class Capacity {
public:
    virtual ~Capacity() = default;
    /// What a run alone on the machine could hold at the most.
    virtual Resources total() const = 0;
    /// What the machine has, whoever may hold it.
    virtual Bytes memory_of_machine() const = 0;
    /// Keeps all other runs out while `decide` says what this run holds, given the most it may hold now
    /// (total less what the others hold). The answer is what it then holds, until the next call.
    virtual Resources agree(const std::function<Resources(const Resources& may_hold)>& decide) = 0;
    /// As of the last agreement.
    virtual Others others() const = 0;
};

}  // namespace plimsoll::machine
