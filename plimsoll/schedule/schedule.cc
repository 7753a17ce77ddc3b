// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/schedule.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "plimsoll/schedule/draft.h"
#include "plimsoll/schedule/earliest_starts.h"
#include "plimsoll/schedule/turns.h"

namespace plimsoll::schedule {
namespace {

Reservation reservation_of(const Queue::Ask& ask, Instant start, Duration length, NodeId node) {
    return {.amounts = ask.amounts, .start = start, .end = end_of(start, length), .node = node, .phases = ask.phases};
}

/// One tick: what waits is considered one by one, each against what the ones before it took.
template <class Turns>
class Tick {
public:
    template <class Waiting>
    Tick(Waiting& waiting, const Snapshot& snapshot, const Policy& policy)
        : turns_(waiting, policy.look_ahead),
          now_(snapshot.now),
          policy_(policy),
          draft_(snapshot),
          promises_(snapshot.promises) {
        for (const Promise& promise : snapshot.promises) {
            draft_.add(promise.reservation);
            promised_.emplace(promise.task, promise.reservation);
        }
    }

    Plan run() {
        consider_due();
        consider_promised();
        while (!gave_up()) {
            const std::optional<TurnItem> item = turns_.next();
            if (!item) break;
            if (item->neighbour) {
                if (!leave_room(*item->neighbour)) turns_.skip_neighbour();
            } else if (!considered_.contains(item->task)) {
                consider_in_line(*item);
            }
        }
        turns_.keep_promises(plan_.waits);
        plan_.lacking = draft_.lacking(turns_.least_of_all(), now_);
        return std::move(plan_);
    }

private:
    bool gave_up() const { return misfits_ >= policy_.look_ahead; }
    Duration length(const Queue::Ask& ask) const {
        return ask.runtime > Duration::zero() ? ask.runtime : policy_.unknown_runtime;
    }

    void consider_in_line(const TurnItem& item) {
        if (consider(item.task, *item.ask, StartCause::first_in_line)) return;
        if (promised_.contains(item.task)) return;  // those like it may have room of their own
        turns_.skip_group();
        if (static_cast<int>(plan_.waits.size()) >= policy_.holds && turns_.has_many_asks() &&
            draft_.lacking(turns_.least(), now_) != 0)
            turns_.skip_tasks();
    }

    void consider_due() {
        for (const auto& [latest_start, task] : turns_.deadlines()) {
            if (latest_start > end_of(now_, policy_.deadline_margin) || gave_up()) return;
            considered_.insert(task);
            consider(task, turns_.line_of(task).ask(task), StartCause::deadline_near);
        }
    }

    /// Those whose room is kept for them from now on take it, whoever is before them in line.
    void consider_promised() {
        for (const Promise& promise : promises_) {
            if (promise.reservation.start > now_ || considered_.contains(promise.task)) continue;
            if (!turns_.waits(promise.task)) continue;
            considered_.insert(promise.task);
            consider(promise.task, turns_.line_of(promise.task).ask(promise.task), StartCause::room_kept);
        }
    }

    /// Starts it if it fits, room that is kept for it included; else holds its earliest start if it is among the first
    /// in line, which then stands for that room.
    bool consider(TaskId task, const Queue::Ask& ask, StartCause cause) {
        const auto promise = promised_.find(task);
        if (promise == promised_.end()) return start_or_hold(task, ask, cause);
        draft_.remove(promise->second);
        const std::size_t held = plan_.waits.size();
        const bool started = start_or_hold(task, ask, cause);
        if (!started && plan_.waits.size() == held) draft_.add(promise->second);
        return started;
    }

    bool start_or_hold(TaskId task, const Queue::Ask& ask, StartCause cause) {
        if (const auto queue = turns_.limited_by(task, ask.amounts)) {
            plan_.limited.push_back({task, *queue});
            ++misfits_;
            return false;
        }
        const Instant end = end_of(now_, length(ask));
        const DeviceAsk devices = devices_for(ask.amounts.gpu);
        if (const std::optional<NodeId> node = best_fit(draft_, ask.need, devices, now_, end, policy_.candidates)) {
            Start& start = plan_.starts.emplace_back(
                Start{.task = task, .reservation = reservation_of(ask, now_, length(ask), *node), .cause = cause});
            if (!plan_.waits.empty()) note_backfill(start, end);
            start.turn = turns_.turn_of(task);
            turns_.started(task, ask.amounts, length(ask));
            draft_.add(start.reservation);
            draft_.take_devices(*node, devices);
            return true;
        }
        ++misfits_;
        if (static_cast<int>(plan_.waits.size()) < policy_.holds) hold(task, ask);
        return false;
    }

    void hold(TaskId task, const Queue::Ask& ask) {
        std::optional<Reservation> fit = earliest_fit(ask, length(ask));
        if (!fit) {
            if (!fits_anywhere(ask.amounts)) plan_.too_large.push_back(task);
            return;
        }
        Wait wait = wait_of(task, std::move(*fit));
        const Reservation& first = plan_.waits.emplace_back(std::move(wait)).reservation;
        turns_.line_of(task).promise(task, first.start);
        const Duration patience = std::max(policy_.patience, length(ask));
        const bool late = now_ > end_of(turns_.line_of(task).promise(task).value(), patience);
        // Too late: from now on nothing may take what it lacks, whatever is predicted.
        if (late) draft_.add({.amounts = ask.amounts, .start = now_, .end = Instant::max(), .node = first.node});
        else draft_.add(first);
    }

    /// It is another run's turn: what it asks for stays free, or becomes free as soon as it can. Is it there now?
    bool leave_room(const Neighbour& neighbour) {
        const Queue::Ask ask{.amounts = neighbour.ask, .phases = {}, .runtime = {}, .need = need_of(neighbour.ask)};
        const std::optional<Reservation> room = earliest_fit(ask, policy_.unknown_runtime);
        turns_.left_room(neighbour);
        if (!room) return false;  // others hold it: nothing that is done here would help
        draft_.add(*room);
        plan_.yields.push_back({neighbour.queue, neighbour.run, neighbour.ask, room->start <= now_});
        return room->start <= now_;
    }

    /// Where and when it fits first; nothing when no node could hold it.
    std::optional<Reservation> earliest_fit(const Queue::Ask& ask, Duration run) {
        const auto first = turns_.earliest().find(draft_, draft_.free(), ask.need, run, now_);
        if (!first) return std::nullopt;
        return reservation_of(ask, first->start, run, first->node);
    }

    bool fits_anywhere(const Resources& amounts) const {
        for (NodeId id = 0; id < draft_.count(); ++id)
            if (draft_.node(id).fits_when_empty(amounts)) return true;
        return false;
    }

    void note_backfill(Start& start, Instant end) const {
        const Wait& first = plan_.waits.front();
        start.first = first.task;
        start.first_start = first.reservation.start;
        start.cause = end <= start.first_start ? StartCause::ends_before : StartCause::beside;
    }

    Wait wait_of(TaskId task, Reservation reservation) const {
        const Calendar& node = draft_.node(reservation.node);
        const std::string time = format(reservation.start - now_);
        const auto wait = [&](std::string_view lack, std::string reason) {
            return Wait{task, std::move(reservation), std::move(reason), lack};
        };
        if (const auto kind = first_misfit(amounts_at(reservation, reservation.start), node.free_at(now_));
            !kind.empty())
            return wait(kind, fmt::format("{} is short for another {}", kind, time));
        Duration begin{};
        for (const Phase& phase : reservation.phases) {
            const Instant when = end_of(now_, begin);
            if (const auto kind = first_misfit(phase.amounts, node.free_at(when)); !kind.empty())
                return wait(kind,
                            fmt::format("{} would be short {} into it: waits another {}", kind, format(begin), time));
            begin = phase.until;
        }
        if (reservation.start <= now_ && reservation.amounts.gpu > 0)
            return wait("gpu", "the GPUs that are free are not free as a whole");
        return wait({}, fmt::format("room held for others is short for another {}", time));
    }

    Turns turns_;
    Instant now_;
    const Policy& policy_;
    Draft draft_;
    std::span<const Promise> promises_;
    Plan plan_;
    std::unordered_map<TaskId, Reservation> promised_;
    std::unordered_set<TaskId> considered_;  ///< out of order, because they are due
    int misfits_ = 0;
};

}  // namespace

Plan plan(Queue& queue, const Snapshot& snapshot, const Policy& policy) {
    return Tick<OneQueue>(queue, snapshot, policy).run();
}

Plan plan(Queues& queues, const Snapshot& snapshot, const Policy& policy) {
    return Tick<ManyQueues>(queues, snapshot, policy).run();
}

}  // namespace plimsoll::schedule
