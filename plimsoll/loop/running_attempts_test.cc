// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/loop/running_attempts.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "plimsoll/base/random.h"

using namespace plimsoll;
using namespace plimsoll::loop;

namespace {

RunningAttempt attempt_of(TaskId task, NodeId node, std::size_t queue, Resources held) {
    RunningAttempt attempt{.record = {}, .placement = {}, .claim = {}, .profile = profile::ProfileBuilder(Instant{})};
    attempt.record.id.task = task;
    attempt.placement.node = node;
    attempt.queue = queue;
    attempt.held = held;
    return attempt;
}

/// All that is kept up, counted anew from the attempts themselves.
void check_books(const RunningAttempts& running) {
    ResourceSum held;
    std::map<std::size_t, ResourceSum> billed_to;
    std::set<TaskId> suspended;
    std::set<NodeId> short_of_memory;
    for (const RunningAttempt* attempt : running.in_order()) {
        held.add(attempt->held);
        billed_to[attempt->queue].add(billed(*attempt));
        if (attempt->is_suspended) suspended.insert(attempt->record.id.task);
        if (wants_memory(*attempt)) short_of_memory.insert(attempt->placement.node);
    }
    CHECK(running.held() == held.total());
    CHECK(running.suspended() == suspended);
    CHECK(std::ranges::equal(running.nodes_short_of_memory(), short_of_memory));
    CHECK(running.by_queue().size() == billed_to.size());
    for (const auto& [queue, part] : running.by_queue()) CHECK(part.billed.total() == billed_to[queue].total());
}

}  // namespace

TEST_CASE("whatever becomes of attempts, what is told of all of them is what they come to") {
    Rng rng(7);
    RunningAttempts running;
    const auto amounts = [&] {
        return Resources{.cpu = Cores{static_cast<double>(rng.between(0, 40)) / 10},
                         .memory = Bytes{rng.between(1, 99)}};
    };
    for (int round = 0; round < 2000; ++round) {
        const auto task = static_cast<TaskId>(rng.between(0, 30));
        RunningAttempt* there = running.find(task);
        if (!there) {
            running.add(attempt_of(task, static_cast<NodeId>(rng.between(0, 3)),
                                   static_cast<std::size_t>(rng.between(0, 2)), amounts()));
        } else if (rng.between(0, 3) == 0) {
            running.take(task);
        } else {
            there->held = amounts();
            there->wanted = Bytes{rng.between(0, 120)};
            there->use.now = Bytes{rng.between(0, 120)};
            there->is_suspended = rng.between(0, 4) == 0;
            running.note(*there);
        }
        check_books(running);
    }
}

TEST_CASE("an attempt is due once, at the instant that it was last given") {
    RunningAttempts running;
    const Instant early(std::chrono::seconds(1)), late(std::chrono::seconds(2));
    RunningAttempt& attempt = running.add(attempt_of(3, 0, 0, {}));
    CHECK(running.next_due() == Instant::max());
    for (const Instant due : {late, early, late, early}) {
        attempt.next_sample = due;
        running.note(attempt);
        CHECK(running.next_due() == due);
    }
    CHECK(running.take_due(early) == std::vector{&attempt});
    CHECK(running.take_due(late).empty());  // as it was due before it was due sooner
    attempt.next_sample = late;
    running.note(attempt);
    CHECK(running.next_due() == late);
    running.take(3);
    CHECK(running.next_due() == Instant::max());
}
