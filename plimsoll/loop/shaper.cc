// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/loop/shaper.h"

#include <fmt/format.h>

#include <algorithm>

#include "plimsoll/base/probe.h"
#include "plimsoll/loop/decisions.h"
#include "plimsoll/loop/patience.h"

namespace plimsoll::loop {
namespace {

// One that has outgrown what it was given has disproved it: it may come to twice as much, or to more than it has.
constexpr double growth_of_the_outgrown = 2;
constexpr double further_growth = 1.25;

constexpr double growth_of_the_stalled = 1.25;
constexpr double growth_of_the_pressed = 1.05;

shape::GrowthPolicy policy_of(const RunningAttempt& attempt) { return {.rule = attempt.record.forecast.growth}; }

bool is_by_request(const Forecast& forecast) { return forecast.source == Provenance::request; }

std::string use_of(const RunningAttempt& attempt) {
    std::string text =
        fmt::format("it uses {} of the {} held for it", format(attempt.use.now), format(attempt.held.memory));
    if (attempt.use.rise_per_s > 1 << 20)
        text +=
            fmt::format(" and rises by {} a second", format(Bytes{static_cast<std::int64_t>(attempt.use.rise_per_s)}));
    return text;
}

Resources with_memory(const RunningAttempt& attempt, Bytes memory) {
    Resources amounts = attempt.held;
    amounts.memory = memory;
    return amounts;
}

/// What it should hold, as far as its use, and what the kernel told of it, ask for more.
std::optional<Bytes> wanted_by(const RunningAttempt& attempt) {
    // What stands at its limit needs more than the limit, whatever of it is page cache that cannot be freed.
    if (attempt.is_stalled) return std::max(attempt.limits.memory, attempt.held.memory) * growth_of_the_stalled;
    if (const auto more = shape::wanted(attempt.held.memory, attempt.use, policy_of(attempt))) return more;
    // The kernel counts what no sample shows: page tables, buffers of its own. It slows the task down for them.
    if (attempt.is_pressed) return attempt.held.memory * growth_of_the_pressed + shape::GrowthPolicy{}.least_spare;
    return std::nullopt;
}

}  // namespace

void Shaper::hear_pressed(Instant now) {
    if (books_.options.shape == ShapeMode::off) return;
    for (const shape::Pressed& pressed : books_.edges.limits.take_pressed()) {
        RunningAttempt* attempt = books_.running.find(pressed.attempt.task);
        if (!attempt || attempt->record.id != pressed.attempt) continue;
        attempt->next_sample = now;
        attempt->is_pressed = true;
        attempt->is_stalled |= pressed.is_stalled;
        books_.running.note(*attempt);
    }
}

void Shaper::divide_memory(Instant now) {
    if (books_.options.shape == ShapeMode::off || books_.running.empty()) return;
    if (!books_.running.some_want_memory()) {
        stuck_since_.clear();
        return;
    }
    books_.edges.capacity.agree([&](const Resources& may_hold) {
        const bool is_one = books_.is_one_machine();
        const std::vector<NodeId> nodes = books_.running.nodes_short_of_memory();
        std::erase_if(stuck_since_, [&](const auto& stuck) { return !std::ranges::binary_search(nodes, stuck.first); });
        for (const NodeId node : nodes) {
            const Bytes all = is_one ? may_hold.memory : books_.pool.calendars()[node].capacity().memory;
            divide_node(node, {.all = all, .held = books_.running.memory_held_on(node)}, now);
        }
        return books_.held_told = books_.running.held();
    });
}

void Shaper::note_wants(RunningAttempt& attempt, Instant now) {
    if (books_.options.shape == ShapeMode::off) return;
    if (const auto more = wanted_by(attempt)) want(attempt, *more, now);
    else give_back(attempt, now);
    attempt.is_pressed = false;
    inspect_limits(attempt, now);
}

void Shaper::note_finished(const AttemptRecord& record) {
    growth_seen_.finished(record.kind, is_by_request(record.forecast));
}

void Shaper::want(RunningAttempt& attempt, Bytes memory, Instant now) {
    attempt.wanted = std::max(attempt.wanted, memory);
    const Bytes expected = planned(attempt, now).memory;
    if (expected <= Bytes{}) return;
    growth_seen_.wants(attempt.record.kind, attempt.wanted / expected, is_by_request(attempt.record.forecast));
}

/// What growing gave it and it has not used for a while goes back to the others, but for a margin.
void Shaper::give_back(RunningAttempt& attempt, Instant now) {
    if (!attempt.frozen_since) attempt.wanted = {};  // it did want more, and its use has fallen since
    const Bytes held = attempt.held.memory;
    const shape::GrowthPolicy policy = policy_of(attempt);
    if (attempt.frozen_since || !attempt.outgrown) return;
    if (now - attempt.judged_from < shape::patience(own_time(attempt, now), policy)) return;
    const Bytes expected = planned(attempt, now).memory, lately = attempt.used_most;
    const std::optional<Bytes> enough = shape::enough(held, expected, lately, policy);
    attempt.judged_from = now;
    attempt.used_most = attempt.use.now;
    if (!enough) return;
    attempt.outgrown = *enough > expected;
    PLIM_PROBE("loop: a grown attempt gives back what it does not use");
    std::string reason = fmt::format("it has been using {} only; others can have the rest", format(lately));
    books_.journal.record(memory_decision("shrink", held, *enough, reason), attempt.record.id.task,
                          attempt.record.id.number);
    plan_again_if({.memory = held - *enough});
    hold(attempt, with_memory(attempt, *enough), books_.free_memory(attempt.placement.node, now), now);
    books_.journal.tell(books_.shaped_event(EventKind::task_shrunk, attempt, std::move(reason)));
}

void Shaper::divide_node(NodeId node, const NodeMemory& memory_there, Instant now) {
    Bytes free = memory_there.all - memory_there.held;
    std::vector<shape::Holder> holders;
    for (const RunningAttempt* attempt : books_.running.on_node(node))
        if (!attempt->must_die && !attempt->is_suspended) holders.push_back(holder_of(*attempt, now));
    std::ranges::sort(holders, {}, &shape::Holder::attempt);
    const shape::Division division = shape::divide(free, holders);
    const auto attempt_of = [this](AttemptId id) -> RunningAttempt& { return books_.running.at(id.task); };
    const std::string first = division.first ? books_.tasks[division.first->task].task.name : std::string();
    for (const AttemptId id : division.freeze) freeze(attempt_of(id), free, first, now);
    for (const auto& [id, memory] : division.held) {
        RunningAttempt& attempt = attempt_of(id);
        free -= memory - attempt.held.memory;
        grow(attempt, memory, std::max(Bytes{}, free), now);
    }
    for (const AttemptId id : division.thaw) thaw(attempt_of(id), now);
    if (!division.end) {
        stuck_since_.erase(node);
        return;
    }
    const Instant since = stuck_since_.emplace(node, now).first->second;
    const bool others_may_go = memory_there.all < books_.edges.capacity.total().memory * least_left;
    if (now - since < (others_may_go ? patience_with_others : stuck_patience)) return;
    stuck_since_.erase(node);
    make_room(attempt_of(*division.end), holders.size() == 1, now);
}

shape::Holder Shaper::holder_of(const RunningAttempt& attempt, Instant now) const {
    return {.attempt = attempt.record.id,
            .held = attempt.held.memory,
            .wanted = std::max(attempt.held.memory, attempt.wanted),
            .most = may_come_to(attempt),
            .worth = order_.rank(attempt.record.id.task),
            .started = attempt.started,
            .spent = seconds(own_time(attempt, now)),
            .is_frozen = attempt.frozen_since.has_value()};
}

Bytes Shaper::may_come_to(const RunningAttempt& attempt) const {
    const Bytes now = std::max(attempt.held.memory, attempt.wanted);
    const Bytes peak = attempt.plan.amounts.memory;
    const AttemptRecord& record = attempt.record;
    const Bytes by_kind = std::max(now, peak * growth_seen_.of(record.kind, is_by_request(record.forecast)));
    if (!attempt.outgrown && attempt.wanted <= attempt.held.memory) return by_kind;
    return std::max(by_kind, std::max(peak * growth_of_the_outgrown, now * further_growth));
}

Bytes Shaper::growth_room(const Resources& may_hold) const {
    if (books_.options.shape == ShapeMode::off) return {};
    Bytes room{};
    for (const RunningAttempt* attempt : books_.running.on_node(0))
        room = std::max(room, may_come_to(*attempt) - attempt->held.memory);
    if (books_.queue.empty()) return room;
    const TaskId first = books_.queue.first().value();
    const Ask& next = books_.asks.at(first).ask;
    const TaskKind& kind = books_.tasks[first].task.step->kind;
    const Bytes of_next = next.amounts.memory * (growth_seen_.of(kind, is_by_request(next.forecast)) - 1);
    // One that takes nearly all there is starts when it is alone.
    if (books_.running.empty() && next.amounts.memory + of_next > may_hold.memory) return {};
    return std::max(room, of_next);
}

void Shaper::grow(RunningAttempt& attempt, Bytes memory, Bytes free, Instant now) {
    const AttemptId id = attempt.record.id;
    const Bytes before = attempt.held.memory;
    std::string reason = use_of(attempt);
    hold(attempt, with_memory(attempt, memory), free, now);
    ++attempt.record.shaping.grown;
    attempt.outgrown = true;
    attempt.is_stalled = false;
    attempt.wanted = {};
    note(attempt);
    books_.journal.record(memory_decision("grow", before, memory, reason), id.task, id.number);
    books_.journal.tell(books_.shaped_event(EventKind::task_grown, attempt, std::move(reason)));
}

void Shaper::freeze(RunningAttempt& attempt, Bytes free, const std::string& first, Instant now) {
    const AttemptId id = attempt.record.id;
    if (!books_.edges.limits.abilities().freezes || attempt.cannot_freeze) return;
    std::string reason =
        fmt::format("it needs {} and {} are held for it; {} of memory are free{}", format(attempt.wanted),
                    format(attempt.held.memory), format(std::max(Bytes{}, free)),
                    first.empty() ? std::string(", and all others wait too") : ", and " + first + " goes first");
    if (const auto frozen = books_.edges.limits.freeze(id); !frozen) {
        PLIM_PROBE("loop: an attempt could not be frozen");
        attempt.cannot_freeze = true;
        return books_.journal.record(memory_decision("freeze", {}, {}, "not possible: " + frozen.error().message),
                                     id.task, id.number);
    }
    attempt.frozen_since = attempt.delayed = now;
    ++attempt.record.shaping.frozen;
    note(attempt);
    books_.journal.record(memory_decision("freeze", attempt.held.memory, attempt.held.memory, reason), id.task,
                          id.number);
    books_.journal.tell(books_.shaped_event(EventKind::task_frozen, attempt, std::move(reason)));
}

void Shaper::thaw(RunningAttempt& attempt, Instant now) {
    const AttemptId id = attempt.record.id;
    if (!attempt.frozen_since) return;
    const Duration waited = now - *attempt.frozen_since;
    attempt.claim.delay(now - attempt.delayed, now);
    account_thaw(attempt, now);
    note(attempt);
    std::string reason =
        fmt::format("it goes on with {} after waiting {}", format(attempt.held.memory), format(waited));
    if (const auto thawed = books_.edges.limits.thaw(id); !thawed) reason += "; but: " + thawed.error().message;
    books_.journal.record(memory_decision("thaw", attempt.held.memory, attempt.held.memory, reason), id.task,
                          id.number);
    books_.journal.tell(books_.shaped_event(EventKind::task_resumed, attempt, std::move(reason)));
}

/// The last resort: everybody waits for memory that nobody will give back.
void Shaper::make_room(RunningAttempt& attempt, bool is_alone, Instant now) {
    const AttemptId id = attempt.record.id;
    const std::string need =
        fmt::format("it needs {} and holds {}", format(attempt.wanted), format(attempt.held.memory));
    const std::string reason =
        is_alone ? need + ", and there is no more memory to be had: it is ended"
                 : "all running tasks wait for memory: it is ended so that the others can finish, since that loses "
                   "least, and runs again; " +
                       need;
    books_.journal.record(memory_decision("preempt", attempt.held.memory, {}, reason), id.task, id.number);
    attempt.ended_by = is_alone ? EndedBy::memory : EndedBy::room;
    Tries& tries = books_.tasks.at(id.task).tries;
    (is_alone ? tries.all_there_was : tries.outgrown) = is_alone ? attempt.held.memory : attempt.wanted;
    attempt.must_die = now + books_.options.grace;
    books_.edges.engine.stop(id, engine::StopHow::kill);
    // Killed first: it dies where it stands instead of going on for a moment.
    account_thaw(attempt, now);
    note(attempt);
    if (const auto thawed = books_.edges.limits.thaw(id); !thawed)
        books_.journal.note(attempt.record.task_name + " was to be ended and still waits: " + thawed.error().message);
}

}  // namespace plimsoll::loop
