// SPDX-License-Identifier: Apache-2.0
// Reclaim: a queue that waits below its share takes back what its siblings have borrowed.
//
// A queue may claim from its siblings, where these share by `fair`, as long as it holds less than is due to it among
// those that have work, or less than it is guaranteed. On a level where it has its own it claims nothing, nor above it:
// what its branch has it does not lack. Only what is borrowed is given: no queue on the way from who is stopped up to
// that level comes to hold less than is due to it (by the dominant share of what its running tasks hold), or less than
// it is guaranteed. A guarantee goes before shares: for one, a sibling gives what it is not guaranteed itself.
//
// So who gave has no claim, and two queues do not take from each other in turns. Who is stopped of those that may be is
// a matter of cost (preemption.h).
#pragma once

#include <optional>
#include <span>

#include "plimsoll/schedule/preemption.h"
#include "plimsoll/schedule/share_tree.h"

namespace plimsoll::schedule {

/// Does a queue without children, in which tasks wait, hold less than it may claim?
bool may_claim(const ShareTree& shares, QueueId queue);

/// Whom to stop so that a task of the queue fits that asks for so much; nothing where too little is borrowed on any one
/// node, where nobody would have to be stopped, or where it would not fit all the same. `free` as for `preempt_for`.
/// `shares` is as it was when it returns.
std::optional<Preemption> reclaim_for(QueueId queue, const Resources& ask, std::span<const Stoppable> running,
                                      std::span<const Resources> free, ShareTree& shares,
                                      const PreemptionTerms& terms = {});

}  // namespace plimsoll::schedule
