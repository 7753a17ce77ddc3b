// SPDX-License-Identifier: Apache-2.0
// Where the machine has less than a round would like: starts that it refuses, memory that it never leaves.
#include <fmt/format.h>

#include <algorithm>

#include "plimsoll/base/probe.h"
#include "plimsoll/loop/decisions.h"
#include "plimsoll/loop/loop.h"
#include "plimsoll/loop/waiting.h"

namespace plimsoll::loop {

/// The first in line asks for more memory than the system itself ever leaves of the machine: as the double of what
/// was not enough, or cut to the whole of it. It gets what there is rather than wait for ever. What the user asks
/// for stands, and so does what an attempt has shown to be too little.
void Loop::settle_for_less(const Resources& may_hold, Instant now) {
    if (books_.queue.empty()) return;
    if (!stands_since_) stands_since_ = now;
    if (now - *stands_since_ < standing_patience) return;
    const TaskId id = books_.queue.first().value();
    TaskTable::Entry& entry = books_.tasks.at(id);
    Queued& queued = books_.asks.at(id);
    Resources& amounts = queued.ask.amounts;
    const Bytes room{may_hold.memory.count >> 20 << 20};
    const std::optional<Bytes>& request = entry.task.step->request.memory;
    const Forecast& forecast = queued.ask.forecast;
    const Bytes typical{static_cast<std::int64_t>(forecast.samples > 0 ? forecast.memory.p50 : 0)};
    Resources less = amounts;
    less.memory = room;
    if (amounts.memory <= room || (request && room < *request) || !fits(less, may_hold)) return;
    const bool others_may_go = room < books_.edges.capacity.total().memory * least_left;
    if (others_may_go || room < typical || room <= entry.tries.failed_memory) return;
    PLIM_PROBE("loop: a task takes the memory that others leave");
    queued.ask.decisions.push_back(
        memory_decision("clamp", amounts.memory, room, "others use the rest of this machine's memory"));
    amounts.memory = entry.tries.all_there_was = room;
    lineup_.push(id, queued);
}

/// Said once for each time that the run comes to a stand, and kept for `explain`.
void Loop::tell_if_waiting(const Resources& may_hold) {
    const bool waits = books_.running.empty() && !books_.queue.empty();
    if (waits && !told_waiting_) {
        const TaskId first = books_.queue.first().value();
        const TaskTable::Entry& entry = books_.tasks[first];
        const Ask& ask = books_.asks.at(first).ask;
        Event waiting;
        waiting.kind = EventKind::run_waiting;
        waiting.reason = waiting_reason({.task = entry.task.name,
                                         .ask = ask.amounts,
                                         .may_hold = may_hold,
                                         .total = books_.edges.capacity.total(),
                                         .others = books_.edges.capacity.others(),
                                         .is_request = ask.forecast.source == Provenance::request});
        books_.journal.record(decision("wait", "order", {}, format(ask.amounts), waiting.reason), first,
                              entry.tries.attempts + 1);
        books_.journal.tell(std::move(waiting));
    }
    told_waiting_ = waits;
}

std::string Loop::waits_for(Instant now) const {
    if (books_.stop != StopMode::none || books_.queue.empty()) return {};
    if (books_.journal.is_in_trouble()) return "nothing more is started until the history can be written";
    if (now < starts_after_)
        return fmt::format("the machine refused to start a task; the next one is tried in {}",
                           format(starts_after_ - now));
    if (books_.running.some_want_memory())
        return "nothing more is started until the running tasks have the memory that they need";
    if (!first_wait_ && first_limited_ && books_.asks.contains(first_limited_->task))
        return fmt::format("{} waits: {}", books_.tasks[first_limited_->task].task.name,
                           sharing_.told_limit(*first_limited_));
    if (!first_wait_ && yields_) return "room is left for another run, whose queue holds less than is due to it";
    if (!first_wait_ || !books_.asks.contains(first_wait_->task)) return {};
    const std::string& task = books_.tasks[first_wait_->task].task.name;
    const Resources& need = books_.asks.at(first_wait_->task).ask.amounts;
    const Resources free = clamp_to_zero(may_hold_ - books_.running.held());
    std::string told = fmt::format("{} waits: ", task);
    if (const std::string_view kind = first_misfit(need, free); kind == "memory")
        told += fmt::format("it needs {} of memory, and {} are free", format(need.memory), format(free.memory));
    else if (kind == "cpu")
        told += fmt::format("it needs {} {}, and {} {} free", format(need.cpu), need.cpu == Cores{1} ? "core" : "cores",
                            format(free.cpu), free.cpu == Cores{1} ? "is" : "are");
    else
        told += kind.empty() ? "what is free is kept for those that run to grow, or for others"
                             : fmt::format("it needs {}", kind);
    const Instant start = first_wait_->reservation.start;
    const Duration wait = std::chrono::ceil<std::chrono::seconds>(start - now);  // finer it would never stand still
    // Past runs alone tell when: a request is a limit, hours beyond what is needed.
    const bool rests_on_limits = std::ranges::any_of(books_.running.in_order(), [&](const RunningAttempt* each) {
        return each->record.forecast.source == Provenance::request && each->claim.reservation().end <= start;
    });
    if (start <= now || rests_on_limits || rests_on_unknown_runtime(start)) return told;
    return told + fmt::format("; room in about {}", wait < std::chrono::minutes(1)
                                                        ? fmt::format("{} s", wait / std::chrono::seconds(1))
                                                        : format(wait));
}

/// The machine is short of processes or memory: nothing is started until one of ours has ended, or for a while.
void Loop::wait_out(TaskTable::Entry& refused, Instant now) {
    PLIM_PROBE("loop: the machine refused an attempt");
    if (books_.running.empty()) ++refused.tries.refusals;
    const int doublings = books_.running.empty() ? std::min(refused.tries.refusals - 1, 6) : 6;
    starts_after_ = now + std::min(longest_pause, recheck * (1 << doublings));
}

}  // namespace plimsoll::loop
