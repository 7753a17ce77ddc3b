// SPDX-License-Identifier: Apache-2.0
// Preemption: who has to make room for others that are owed it, and what becomes of him. A task whose deadline was
// admitted and that would miss it takes what it needs from those that have none; whose queue has waited below its share
// takes what was borrowed.
//
// Where cores alone are short, who has to go stands still and keeps its memory; it goes on when there are cores again.
// Otherwise it is ended and runs again, from a checkpoint where its step says how. Nobody is ended for others more than
// a few times.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "plimsoll/loop/books.h"
#include "plimsoll/loop/deadlines.h"
#include "plimsoll/loop/queue_waits.h"
#include "plimsoll/loop/shaper.h"
#include "plimsoll/schedule/preemption.h"

namespace plimsoll::loop {

class Preemptor {
public:
    /// All outlive it.
    Preemptor(Books& books, const Deadlines& deadlines, Shaper& shaper);

    /// After the starts of a plan: tasks that are due now, and have not started though they were considered.
    void save_deadlines(Instant now);
    /// Some queue takes back what was borrowed.
    bool has_reclaim() const { return has_reclaim_; }
    /// After the starts of a plan: who still waits below its share, and for whom it has been long enough.
    void reclaim(Instant now);
    /// Whoever stood still for others goes on where there are cores again and nothing that is due needs them, nor a
    /// queue that waits below its share.
    void resume_suspended(const Resources& may_hold, Instant now);

    /// What saves an attempt's work has ended, and so the attempt is, if it has not by itself: then how it did.
    std::optional<engine::Ended> settle_saving(const engine::Ended& ended, Instant now);
    /// It has taken longer than it may.
    void stop_saving(RunningAttempt& attempt, Instant now);
    /// The attempt has ended: its room is there.
    void note_end(TaskId id) { leaving_.erase(id); }

private:
    std::vector<schedule::Stoppable> stoppable(Instant now) const;
    void preempt(const schedule::Preemption::Victim& victim, const std::string& reason, Instant now);
    void end_for_others(RunningAttempt& attempt, Instant now);
    void suspend(RunningAttempt& attempt, const std::string& reason, Instant now);
    std::map<schedule::QueueId, Resources> first_of_reclaiming() const;
    bool is_claimed(schedule::QueueId from, NodeId node, Instant now) const;
    Duration saving_time(const Step& step) const;
    double lost_if_ended(const RunningAttempt& attempt, Instant now) const;
    bool save(RunningAttempt& attempt, const std::string& reason, Instant now);

    Books& books_;
    const Deadlines& deadlines_;
    Shaper& shaper_;
    const bool has_reclaim_;
    std::set<TaskId> leaving_;  ///< they are being ended, and others wait for that room
    std::map<schedule::QueueId, Short> short_;
    std::unordered_map<const Step*, Duration> saving_times_;  ///< how long it took last
};

}  // namespace plimsoll::loop
