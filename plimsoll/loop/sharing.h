// SPDX-License-Identifier: Apache-2.0
// How the queues share: what each holds, here and in the other runs on this machine, and who waits in them elsewhere.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "plimsoll/loop/books.h"
#include "plimsoll/loop/queue_waits.h"

namespace plimsoll::loop {

class Sharing {
public:
    /// They outlive it.
    explicit Sharing(Books& books) : books_(books) {}

    /// Before starts are decided: what each queue holds, and who waits in the other runs.
    void note_shares(Instant now);
    /// One of the queue has started; it may have ended before the shares are looked at again.
    void note_start(schedule::QueueId queue) { holding_.push_back(queue); }
    void note_yields(const Plan& plan, Instant now);
    /// What the other runs on this machine are told: what this run's queues hold, and what they wait for.
    std::vector<machine::QueueHolding> own_queues(bool may_start) const;

    /// Why it was its queue's turn; "" where there is but one queue with work.
    std::string told_turn(const Start& chosen) const;
    /// Told of who waits because its queue may hold no more: "its queue prod holds all it may: cpu=2 ..."
    std::string told_limit(const Limited& limited) const;

private:
    bool ignores(const machine::QueueHolding& other, schedule::QueueId queue, Instant now);

    Books& books_;
    std::vector<schedule::QueueId> holding_;  ///< that held something when last looked at
    std::map<std::pair<std::uint64_t, schedule::QueueId>, LeftRoom> left_room_;
};

}  // namespace plimsoll::loop
