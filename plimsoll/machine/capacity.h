// SPDX-License-Identifier: Apache-2.0
// Capacity: how much of the machine this run may hold, agreed with the other runs on it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "plimsoll/model/resources.h"

namespace plimsoll::machine {

/// What one run holds in one of its queues, and what waits there.
struct QueueHolding {
    std::string path;       ///< the queue's: "prod/nightly"
    std::uint64_t run = 0;  ///< whose, to tell one run from another; of this run's own: not looked at
    Resources held;
    int running = 0;                 ///< attempts
    std::optional<Resources> first;  ///< what the first in line there asks for; none waits
    int waiting = 0;                 ///< so many wait, the first included, as could run beside what it holds
    bool operator==(const QueueHolding&) const = default;
};

/// Who has what of the machine beside this run.
struct Others {
    Resources runs;                         ///< reserved by other runs
    Bytes programs{};                       ///< memory that programs beside Plimsoll use
    Bytes kept_free{};                      ///< memory that the user keeps free
    std::vector<QueueHolding> queues = {};  ///< of the other runs
    std::vector<int> devices = {};          ///< thousandths of each GPU that other runs hold; those behind: none
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
    /// As of the last agreement; within one, as of its beginning.
    virtual const Others& others() const = 0;
    /// Within an agreement: what the other runs are told of this one's queues from then on.
    virtual void tell_queues(std::vector<QueueHolding> queues) = 0;
    /// Likewise how much of each GPU this one holds, in thousandths.
    virtual void tell_devices(std::vector<int> held) = 0;
};

}  // namespace plimsoll::machine
