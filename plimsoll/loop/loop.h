// SPDX-License-Identifier: Apache-2.0
// The loop: the only place that knows all stages. The same object runs live, in simulation and in tests; it owns its
// state on one thread and reaches the world through its edges alone.
//
// What the run knows stands in its books; each concern has a part of the loop of its own that reads them: what tasks
// ask for (Sizing), who goes first (Order, Deadlines, Lineup), what is kept for later (RoomAhead, ReadingAhead), what
// running tasks hold (Shaper), what others are owed (Sharing, Preemptor). The loop calls them in turn.
#pragma once

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "plimsoll/loop/books.h"
#include "plimsoll/loop/deadlines.h"
#include "plimsoll/loop/edges.h"
#include "plimsoll/loop/event.h"
#include "plimsoll/loop/lineup.h"
#include "plimsoll/loop/options.h"
#include "plimsoll/loop/order.h"
#include "plimsoll/loop/patience.h"
#include "plimsoll/loop/preemptor.h"
#include "plimsoll/loop/reading_ahead.h"
#include "plimsoll/loop/room_ahead.h"
#include "plimsoll/loop/shaper.h"
#include "plimsoll/loop/sharing.h"
#include "plimsoll/loop/sizing.h"
#include "plimsoll/loop/wait_notes.h"
#include "plimsoll/workflow/source.h"

namespace plimsoll::loop {

class Loop {
public:
    Loop(Options options, Edges edges);

    void add(workflow::Source& source) { sources_.push_back(&source); }

    /// One round: what ended is settled, what is ready is sized, what fits is started. Waits at most until
    /// `until`, or until something happens. Gives what happened, in order, each thing once it is durable.
    /// An error: the history cannot be written; what it does not hold yet is kept and tried again.
    Result<std::vector<Event>> tick(Instant until = Instant::max());

    /// Nothing runs, nothing can come, everything is durable and told.
    bool done() const;
    /// Never weakens an earlier stop.
    void stop(StopMode mode);

    /// A notice from an edge, told in order with the rest.
    void note(std::string text) { books_.journal.note(std::move(text)); }

    const TaskTable& tasks() const { return books_.tasks; }
    const RunningAttempts& running() const { return books_.running; }
    RunState state() const;

    const std::unordered_map<TaskId, Queued>& queued() const { return books_.asks; }
    /// The queues in which they wait, and what each holds.
    const schedule::Queues& queues() const { return books_.queue; }
    /// What a task of this step is taken to need before its inputs are looked at.
    Forecast forecast_of(const Step& step) const { return sizing_.forecast_of(step); }
    /// Why nothing of what is ready starts beside what runs; "" where nothing waits. Words for people.
    std::string waits_for(Instant now) const;
    /// The most that this run may hold, as of the last look at the others.
    const Resources& may_hold() const { return may_hold_; }

private:
    void join(Instant now);
    void rank(TaskId first);
    bool may_more_come() const;
    void examine_ready();
    void examine(TaskId id);
    void look_later(TaskId id) { unexamined_.insert({-order_.rank(id), id}); }
    bool split(TaskId id, const workflow::Freshness& fresh);
    void join_parts(TaskId whole, std::vector<Task> parts);
    void bring_back(TaskId producer, TaskId wanted_by);
    void note_ready(TaskId id, std::optional<TaskId> after, Instant now);
    WaitRecord wait_of(TaskId id, Instant now) const;
    void queue(TaskId id, const Features& features);
    void learn(const AttemptRecord& record, Bytes limit);
    void size_again(const TaskKind& kind);

    void start_what_fits(Instant now);
    void note_room(const Resources& may_hold, Instant now);
    void start_within(const Resources& may_hold, Instant now);
    void give_to_others(const Resources& may_hold, Instant now);
    void note_line(const Plan& plan, Instant now);
    void start(const Start& chosen, Instant now);
    void take_devices(RunningAttempt& begun);
    void give_back_devices(const RunningAttempt& ended);
    void not_started(RunningAttempt begun, const Error& error, Instant now);
    void wait_out(TaskTable::Entry& refused, Instant now);
    void settle_for_less(const Resources& may_hold, Instant now);
    RunningAttempt attempt_of(const TaskTable::Entry& entry, AttemptId attempt, const Queued& queued,
                              const Start& chosen, Instant now);
    engine::Launch launch_of(const Task& task, const RunningAttempt& begun, const Reservation& reservation) const;
    bool rests_on_unknown_runtime(Instant when) const;
    Decision start_decision(const Start& chosen, const Queued& queued, Instant now) const;
    void tell_if_waiting(const Resources& may_hold);

    void settle(const std::vector<engine::Ended>& ended);
    void settle_one(const engine::Ended& ended);
    void conclude(const AttemptRecord& record, Bytes limit);
    void complete(TaskId id, TaskState state);
    void give_up(TaskId id, TaskState state, const std::string& reason, Event told);
    void send_word(TaskId id, bool succeeded);
    void cancel_waiting(const std::string& reason, TaskId first = 0);
    void stop_running(StopMode mode, Instant now);

    void heed_nodes();
    void hear_workspace();
    void look_at_due(Instant now);
    void enforce_limits(RunningAttempt& attempt, Instant now);
    Result<void> make_durable(Instant now);
    Duration recheck_after() const;
    Instant next_wake(Instant now, Instant until);
    void finish_if_done();

    Books books_;
    Sizing sizing_;
    Order order_;
    Deadlines deadlines_;
    Lineup lineup_;
    RoomAhead room_ahead_;
    ReadingAhead reading_ahead_;
    Shaper shaper_;
    Sharing sharing_;
    Preemptor preemptor_;

    std::vector<workflow::Source*> sources_;
    std::set<std::pair<double, TaskId>> unexamined_;  ///< ready; longest way to the end first
    std::vector<BecameReady> became_ready_;           ///< of each task that was ready once, by id
    Line line_;
    /// Of a kind: how many ends were learnt from, and at how many its waiting tasks are sized again.
    struct Learnt {
        int ends = 0, next = 1;
    };
    std::map<TaskKind, Learnt> learnt_;
    bool failed_ = false;
    bool told_end_ = false;
    bool told_waiting_ = false;
    Instant last_plan_{};
    Instant starts_after_{};               ///< the machine refused one: until then it is left to recover
    std::optional<Instant> stands_since_;  ///< work is ready, none of it fits, and nothing of this run runs
    Resources may_hold_;
    std::optional<Wait> first_wait_;        ///< of the last plan: the first in line that did not fit
    std::optional<Limited> first_limited_;  ///< and the first that its queue's limit kept waiting
    bool yields_ = false;                   ///< and whether room was left for another run
};

}  // namespace plimsoll::loop
