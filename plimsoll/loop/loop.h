// SPDX-License-Identifier: Apache-2.0
// The loop: the only place that knows all stages. The same object runs live, in simulation and in tests;
// it owns its state on one thread and reaches the world through its edges alone.
#pragma once

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "plimsoll/allocate/pool.h"
#include "plimsoll/allocate/prefetch.h"
#include "plimsoll/base/clock.h"
#include "plimsoll/engine/engine.h"
#include "plimsoll/forecast/forecaster.h"
#include "plimsoll/history/store.h"
#include "plimsoll/loop/event.h"
#include "plimsoll/loop/growth_seen.h"
#include "plimsoll/loop/options.h"
#include "plimsoll/loop/outbox.h"
#include "plimsoll/loop/patience.h"
#include "plimsoll/loop/queue_waits.h"
#include "plimsoll/loop/running_attempts.h"
#include "plimsoll/loop/task_table.h"
#include "plimsoll/loop/wait_notes.h"
#include "plimsoll/machine/capacity.h"
#include "plimsoll/schedule/critical_path.h"
#include "plimsoll/schedule/depth_first.h"
#include "plimsoll/schedule/granularity.h"
#include "plimsoll/schedule/pilots.h"
#include "plimsoll/schedule/preemption.h"
#include "plimsoll/schedule/schedule.h"
#include "plimsoll/shape/division.h"
#include "plimsoll/shape/limit_writer.h"
#include "plimsoll/shape/page_cache.h"
#include "plimsoll/telemetry/usage_source.h"
#include "plimsoll/workflow/source.h"
#include "plimsoll/workflow/workspace.h"

namespace plimsoll::loop {

/// The world as the loop sees it; all outlive it.
struct Edges {
    const Clock& clock;
    engine::Engine& engine;
    shape::LimitWriter& limits;
    telemetry::UsageSource& usage;
    workflow::Workspace& workspace;
    history::Store& store;
    machine::Capacity& capacity;
    forecast::Forecaster& forecaster;
    shape::Warmer* warmer = nullptr;  ///< absent: nothing is read ahead
};

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
    void note(std::string text);

    const TaskTable& tasks() const { return tasks_; }
    const RunningAttempts& running() const { return running_; }
    RunState state() const;

    const std::unordered_map<TaskId, Queued>& queued() const { return asks_; }
    /// The queues in which they wait, and what each holds.
    const schedule::Queues& queues() const { return queue_; }
    /// What a task of this step is taken to need before its inputs are looked at.
    Forecast forecast_of(const Step& step) const;
    /// Why nothing of what is ready starts beside what runs; "" where nothing waits. Words for people.
    std::string waits_for(Instant now) const;
    /// The most that this run may hold, as of the last look at the others.
    const Resources& may_hold() const { return may_hold_; }

private:
    void join(Instant now);
    void rank(TaskId first);
    void weigh_submissions(TaskId first, const std::unordered_map<const Step*, double>& runtime_of_step);
    double typical_runtime(const Step& step) const;
    SizingTerms sizing_terms(const Step& step) const;
    std::string cannot_hold(const Step& step, const Resources& amounts) const;
    void plan_order();
    void join_orders(TaskId id, const std::vector<TaskId>& needs, double runtime_s);
    bool goes_depth_first(TaskId id) const;
    double rank_of(TaskId id) const;

    void examine_ready();
    void examine(TaskId id);
    schedule::Divisible divisible(TaskId id, const workflow::Freshness& fresh) const;
    bool split(TaskId id, const workflow::Freshness& fresh);
    void join_parts(TaskId whole, std::vector<Task> parts);
    void bring_back(TaskId producer, TaskId wanted_by);
    void note_ready(TaskId id, std::optional<TaskId> after, Instant now);
    WaitRecord wait_of(TaskId id, Instant now) const;
    Ask sized(const TaskTable::Entry& entry, const Features& features);
    void queue(TaskId id, const Features& features);
    schedule::Candidate candidate_of(TaskId id, double rank) const;
    void push(TaskId id, const Queued& queued);
    bool would_go_first(TaskId id, const Resources& amounts) const;
    std::vector<schedule::Promise> keep_ahead(const std::vector<schedule::Promise>& due, Instant now);
    void look_ahead(const std::vector<schedule::Promise>& due, Instant now);
    void begin_ahead(TaskId id, const Reservation& room, const allocate::Ahead& why, Instant now);
    void give_up_ahead(allocate::KeptAhead& kept, Instant now);
    std::optional<Duration> kept_ahead_for(TaskId id, Instant now) const;
    void learn(const AttemptRecord& record, Bytes limit);
    void size_again(const TaskKind& kind);
    void choose_pilots();
    void stand(TaskId id, schedule::Standing standing);
    double place_of(TaskId id, const Queued& queued) const;
    void note_pilot(TaskId id, const Queued& queued);
    void start_what_fits(Instant now);
    void note_room(const Resources& may_hold, Instant now);
    void start_within(const Resources& may_hold, Instant now);
    Resources shared_capacity() const;
    void note_shares(Instant now);
    bool ignores(const machine::QueueHolding& other, schedule::QueueId queue, Instant now);
    void note_yields(const Plan& plan, Instant now);
    void note_line(const Plan& plan, Instant now);
    std::vector<machine::QueueHolding> own_queues(bool may_start) const;
    std::string told_turn(const Start& chosen) const;
    std::string told_limit(const Limited& limited) const;
    Duration recheck_after() const;
    /// What a task is taken to hold before its inputs are known.
    struct Typical {
        Resources amounts;
        Duration runtime{}, takes{};  ///< as reserved, and typically
        Bytes leaves{};               ///< written, typically
    };
    const Typical& typical_of(const Step& step);
    void note_due(TaskId first = 0);
    void save_deadlines(Instant now);
    std::vector<schedule::Stoppable> stoppable(Instant now) const;
    std::vector<Resources> free_at(Instant now) const;
    void preempt(const schedule::Preemption::Victim& victim, const std::string& reason, Instant now);
    std::map<schedule::QueueId, Resources> first_of_reclaiming() const;
    void reclaim(Instant now);
    void give_to_others(const Resources& may_hold, Instant now);
    bool is_claimed(schedule::QueueId from, NodeId node, Instant now) const;
    void end_for_others(RunningAttempt& attempt, Instant now);
    Duration saving_time(const Step& step) const;
    double lost_if_ended(const RunningAttempt& attempt, Instant now) const;
    bool save(RunningAttempt& attempt, const std::string& reason, Instant now);
    void settle_saving(const engine::Ended& ended, Instant now);
    void stop_saving(RunningAttempt& attempt, Instant now);
    void suspend(RunningAttempt& attempt, const std::string& reason, Instant now);
    void resume_suspended(const Resources& may_hold, Instant now);
    bool is_due_soon(Instant now) const;
    enum class Placing { late, early, as_before };
    struct Promised {
        std::vector<schedule::Promise> kept;
        int missed = 0;  ///< of their deadlines
    };
    std::vector<TaskId> open_by_due(Instant now) const;
    std::vector<schedule::Promise> promises(Instant now);
    Promised place(const std::vector<TaskId>& open, Placing how, Instant now);
    std::optional<schedule::Promise> promise_of(TaskId id, Placing how, Instant ready, std::vector<Calendar>& nodes);
    void start(const Start& chosen, Instant now);
    void not_started(RunningAttempt begun, const Error& error, Instant now);
    void wait_out(TaskTable::Entry& refused, Instant now);
    void settle_for_less(const Resources& may_hold, Instant now);
    RunningAttempt attempt_of(const TaskTable::Entry& entry, AttemptId attempt, const Queued& queued,
                              const Start& chosen, Instant now);
    engine::Launch launch_of(const Task& task, const RunningAttempt& begun, const Reservation& reservation) const;
    void prefetch(Instant now);
    std::optional<Instant> expected_end(TaskId running) const;
    void add_waiting_for_running(std::vector<allocate::Coming>& coming) const;
    void add_queued(std::vector<allocate::Coming>& coming) const;
    void note_prefetched(TaskId id, int attempt);
    bool rests_on_unknown_runtime(Instant when) const;
    Decision start_decision(const Start& chosen, const Queued& queued, Instant now) const;
    void tell_if_waiting(const Resources& may_hold);
    void settle(const std::vector<engine::Ended>& ended);
    void heed_nodes();
    void settle_one(const engine::Ended& ended);
    void conclude(const AttemptRecord& record, Bytes limit);
    void complete(TaskId id, TaskState state);
    void give_up(TaskId id, TaskState state, const std::string& reason, Event told);
    void send_word(TaskId id, bool succeeded);
    void enforce_limits(RunningAttempt& attempt, Instant now);
    void hear_pressed(Instant now);
    void follow_plans(Instant now);
    void noted(RunningAttempt& attempt);
    void look_at_due(Instant now);
    void follow_plan(RunningAttempt& attempt, Bytes free, Instant now);
    void plan_again_if(const Resources& freed);
    void note_wants(RunningAttempt& attempt, Instant now);
    void divide_memory(Instant now);
    static std::optional<Bytes> wanted_by(const RunningAttempt& attempt);
    void want(RunningAttempt& attempt, Bytes memory, Instant now);
    void give_back(RunningAttempt& attempt, Instant now);
    /// A node's memory: what this run may hold there, and what it does.
    struct NodeMemory {
        Bytes all{}, held{};
    };
    void divide_node(NodeId node, const NodeMemory& memory_there, Instant now);
    shape::Holder holder_of(TaskId id, const RunningAttempt& attempt, Instant now) const;
    static Resources with_memory(const RunningAttempt& attempt, Bytes memory);
    void hold(RunningAttempt& attempt, const Resources& amounts, Bytes free, Instant now);
    void grow(RunningAttempt& attempt, Bytes memory, Bytes free, Instant now);
    void freeze(RunningAttempt& attempt, Bytes free, const std::string& first, Instant now);
    void thaw(RunningAttempt& attempt, Instant now);
    void make_room(RunningAttempt& attempt, bool is_alone, Instant now);
    void set_limits(RunningAttempt& attempt, Bytes free);
    void inspect_limits(RunningAttempt& attempt, Instant now);
    Bytes free_memory(NodeId node, Instant now) const;
    Limits limits_of(const StepLimit& how, const Resources& held, Bytes free) const;
    Bytes may_come_to(const RunningAttempt& attempt) const;
    Bytes growth_room(const Resources& may_hold) const;
    void cancel_waiting(const std::string& reason, TaskId first = 0);
    void stop_running(StopMode mode, Instant now);

    Result<void> make_durable(Instant now);
    Instant next_wake(Instant now, Instant until);
    void finish_if_done();
    void hear_workspace();
    Event event(EventKind kind, TaskId id) const;
    Event shaped_event(EventKind kind, const RunningAttempt& attempt, std::string reason) const;
    void tell(Event event);
    void record(Decision decision, TaskId id, int attempt);
    std::uint64_t record_task(TaskId id);

    Options options_;
    Edges edges_;
    std::vector<workflow::Source*> sources_;
    TaskTable tasks_;
    schedule::CriticalPath path_;
    const bool any_depth_first_ = has_discipline(options_.queues, Discipline::depth);  ///< of the queues
    schedule::DepthFirst depth_;   ///< of all tasks, where any queue goes by it
    std::vector<double> planned_;  ///< ranks of the first tasks, where an order was found that is better than by paths
    std::map<std::uint32_t, schedule::Submission> submissions_;  ///< by Task::submission
    std::vector<Node> nodes_;  ///< all that there are, whether they are there just now or not
    allocate::Pool pool_;
    std::vector<Instant>
        due_;  ///< of each task: by when it must be done for all deadlines to be met; max: none rests on it
    bool has_due_ = false;
    std::vector<schedule::Promise> promised_;  ///< room kept for what is due, by the last plan
    std::set<TaskId> leaving_;                 ///< they are being ended, and others wait for that room
    std::unordered_map<const Step*, Typical> typical_;
    RunningAttempts running_;       ///< after the pool: their claims go first
    std::vector<TaskId> followed_;  ///< what they hold may have to change as planned
    schedule::Queues queue_;
    std::vector<schedule::QueueId> holding_queues_;  ///< that held something when last looked at
    std::map<std::pair<std::uint64_t, schedule::QueueId>, LeftRoom> left_room_;
    std::unordered_map<const Step*, Duration> saving_times_;  ///< how long it took last
    bool has_reclaim_ = false;                                ///< some queue takes back what was borrowed
    std::map<schedule::QueueId, Short> short_;
    std::unordered_map<TaskId, Queued> asks_;  ///< of the tasks in the queue
    std::optional<SizedAs> last_sized_;        ///< since something was learnt last
    schedule::Pilots pilots_;
    std::vector<BecameReady> became_ready_;  ///< of each task that was ready once, by id
    Line line_;
    std::unordered_map<std::string, Bytes> warm_;  ///< files that were read ahead
    std::vector<allocate::KeptAhead> ahead_;       ///< for tasks that have not started
    Instant next_prefetch_{}, next_ahead_{};
    std::set<std::pair<double, TaskId>> unexamined_;  ///< ready; longest way to the end first
    /// Of a kind: how many ends were learnt from, and at how many its waiting tasks are sized again.
    struct Learnt {
        int ends = 0, next = 1;
    };
    std::map<TaskKind, Learnt> learnt_;
    GrowthSeen growth_seen_;
    std::map<NodeId, Instant> stuck_since_;  ///< all that run there wait for memory, and none can be given it
    Outbox outbox_;
    Instant run_start_{};
    StopMode stop_ = StopMode::none;
    bool failed_ = false;
    bool told_end_ = false;
    bool told_waiting_ = false;
    bool replan_ = true;         ///< something changed since the last plan
    std::uint32_t lacking_ = 0;  ///< as that plan told (Plan::lacking)
    Instant last_plan_{};
    Instant starts_after_{};               ///< the machine refused one: until then it is left to recover
    std::optional<Instant> stands_since_;  ///< work is ready, none of it fits, and nothing of this run runs
    Resources held_told_;                  ///< what the capacity believes this run holds
    Resources may_hold_;
    std::optional<Wait> first_wait_;        ///< of the last plan: the first in line that did not fit
    std::optional<Limited> first_limited_;  ///< and the first that its queue's limit kept waiting
    bool yields_ = false;                   ///< and whether room was left for another run
    std::uint64_t last_ticket_ = 0;
    std::optional<Instant> trouble_since_;  ///< the history cannot be written
};

}  // namespace plimsoll::loop
