// SPDX-License-Identifier: Apache-2.0
// Lineup: how each task that could start stands in its queue. Of many tasks of a step that nothing is known of, a few
// go first (schedule/pilots.h).
#pragma once

#include "plimsoll/loop/books.h"
#include "plimsoll/loop/deadlines.h"
#include "plimsoll/loop/order.h"
#include "plimsoll/schedule/pilots.h"

namespace plimsoll::loop {

class Lineup {
public:
    /// All outlive it.
    Lineup(Books& books, const Order& order, const Deadlines& deadlines)
        : books_(books), order_(order), deadlines_(deadlines) {}

    /// It stands in its queue from now on, with what it asks for now.
    void push(TaskId id, const Queued& queued);
    /// What stands of it in line, but for what it asks for.
    schedule::Candidate candidate(TaskId id, double rank) const;
    /// The rank by which it is queued.
    double place(TaskId id, const Queued& queued) const;

    /// One is sized of whose kind nothing is known.
    void note_untried() { pilots_.note_change(); }
    /// Before starts are decided: who is a pilot, and who stands behind.
    void choose_pilots();
    void note_start(TaskId id, const Queued& queued);
    /// An attempt of a kind of which nothing was known has ended. True: the others have waited for it.
    bool note_end(const TaskKind& kind, bool has_finished) { return pilots_.ended(kind, has_finished); }

private:
    void stand(TaskId id, schedule::Standing standing);

    Books& books_;
    const Order& order_;
    const Deadlines& deadlines_;
    schedule::Pilots pilots_;
};

}  // namespace plimsoll::loop
