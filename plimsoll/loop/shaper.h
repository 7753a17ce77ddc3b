// SPDX-License-Identifier: Apache-2.0
// Shaper: what is done to running attempts. What they hold follows their forecast over time; those that need more
// memory are grown in place; where there is none, some wait so that others can finish (shape/division.h); what is not
// needed any more is given back.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "plimsoll/loop/books.h"
#include "plimsoll/loop/growth_seen.h"
#include "plimsoll/loop/order.h"
#include "plimsoll/shape/division.h"

namespace plimsoll::loop {

class Shaper {
public:
    /// Both outlive it.
    Shaper(Books& books, const Order& order) : books_(books), order_(order) {}

    /// What it is held to at first.
    Limits limits_of(const StepLimit& how, const Resources& held, Bytes free) const;
    /// Kept free of new starts, so that one of those that run can always come to its end.
    Bytes growth_room(const Resources& may_hold) const;

    /// Whatever changed of it counts from here on.
    void note(RunningAttempt& attempt);
    /// Where the forecast says that by now a task needs more or less than before, that is what it holds. Falls come
    /// first: they make the room. Only those are looked at of which there is news.
    void follow_plans(Instant now);
    /// Attempts that passed their mark, or stand at their limit, are to be looked at now.
    void hear_pressed(Instant now);
    /// What an attempt that was looked at should hold.
    void note_wants(RunningAttempt& attempt, Instant now);
    /// Where attempts want more memory than they hold, it is divided anew.
    void divide_memory(Instant now);
    /// A frozen one goes on.
    void thaw(RunningAttempt& attempt, Instant now);
    void note_finished(const AttemptRecord& record);

private:
    /// A node's memory: what this run may hold there, and what it does.
    struct NodeMemory {
        Bytes all{}, held{};
    };
    void follow_plan(RunningAttempt& attempt, Bytes free, Instant now);
    void plan_again_if(const Resources& freed);
    void want(RunningAttempt& attempt, Bytes memory, Instant now);
    void give_back(RunningAttempt& attempt, Instant now);
    void divide_node(NodeId node, const NodeMemory& memory_there, Instant now);
    shape::Holder holder_of(const RunningAttempt& attempt, Instant now) const;
    Bytes may_come_to(const RunningAttempt& attempt) const;
    void grow(RunningAttempt& attempt, Bytes memory, Bytes free, Instant now);
    void freeze(RunningAttempt& attempt, Bytes free, const std::string& first, Instant now);
    void make_room(RunningAttempt& attempt, bool is_alone, Instant now);
    void hold(RunningAttempt& attempt, const Resources& amounts, Bytes free, Instant now);
    void set_limits(RunningAttempt& attempt, Bytes free);
    void inspect_limits(RunningAttempt& attempt, Instant now);

    Books& books_;
    const Order& order_;
    std::vector<TaskId> followed_;  ///< what they hold may have to change as planned
    GrowthSeen growth_seen_;
    std::map<NodeId, Instant> stuck_since_;  ///< all that run there wait for memory, and none can be given it
};

}  // namespace plimsoll::loop
