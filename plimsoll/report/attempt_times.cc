// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/report/attempt_times.h"

#include <algorithm>
#include <string_view>

namespace plimsoll::report {
namespace {

bool is_refused_freeze(const Decision& decision) { return decision.reason.starts_with("not possible"); }

std::vector<Freeze> freezes_of(std::span<const Decision* const> decisions, WallTime run_start, const Span& run) {
    std::vector<Freeze> freezes;
    bool is_open = false;
    for (const Decision* decision : decisions) {
        const Duration at = std::clamp(Duration(decision->at - run_start), run.from, run.until);
        if (decision->action == "freeze" && !is_open && !is_refused_freeze(*decision)) {
            freezes.push_back({{at, run.until}, decision->reason});
            is_open = true;
        } else if (is_open && (decision->action == "thaw" || decision->action == "preempt")) {
            freezes.back().span.until = at;
            is_open = false;
        }
    }
    return freezes;
}

bool changes_memory(const Decision& decision) {
    return decision.subject == "memory" &&
           (decision.action == "grow" || decision.action == "shrink" || decision.action == "follow");
}

std::vector<Change> changes_of(std::span<const Decision* const> decisions, WallTime run_start) {
    std::vector<Change> changes;
    for (const Decision* decision : decisions)
        if (changes_memory(*decision) || decision->action == "preempt" || decision->action == "limit")
            changes.push_back({decision->at - run_start, decision->action, decision->old_value, decision->new_value,
                               decision->reason});
    return changes;
}

double told_bytes(const std::string& text, double otherwise) {
    const auto bytes = parse_bytes(text);
    return bytes ? static_cast<double>(bytes->count) : otherwise;
}

/// Makes the areas what they are known to be; 0: not known.
void scale(std::vector<Stretch>& stretches, double Stretch::* amount, double area) {
    double told = 0;
    for (const Stretch& one : stretches) told += one.*amount * seconds(one.span.until - one.span.from);
    if (told <= 0 || area <= 0) return;
    for (Stretch& one : stretches) one.*amount *= area / told;
}

std::vector<Stretch> reserved_of(const AttemptRecord& attempt, std::span<const Decision* const> decisions,
                                 WallTime run_start, const Span& run) {
    double memory = static_cast<double>(attempt.reserved.memory.count);
    std::vector<Stretch> stretches;
    Duration from = run.from;
    for (const Decision* decision : decisions) {
        if (!changes_memory(*decision)) continue;
        const Duration at = std::clamp(Duration(decision->at - run_start), from, run.until);
        if (stretches.empty()) memory = told_bytes(decision->old_value, memory);
        stretches.push_back({{from, at}, memory, attempt.reserved.cpu.count});
        memory = told_bytes(decision->new_value, memory);
        from = at;
    }
    stretches.push_back({{from, run.until}, memory, attempt.reserved.cpu.count});
    scale(stretches, &Stretch::memory, attempt.shaping.reserved_byte_seconds);
    scale(stretches, &Stretch::cpu, attempt.shaping.reserved_core_seconds);
    return stretches;
}

/// The attempt's own time in that of the run: it stands still while it is frozen.
class OwnTime {
public:
    OwnTime(Duration start, const std::vector<Freeze>& freezes) : start_(start), freezes_(freezes) {}
    Duration in_run(Duration own) const {
        Duration at = start_ + own;
        for (const Freeze& freeze : freezes_)
            if (freeze.span.from <= at) at += freeze.span.until - freeze.span.from;
        return at;
    }

private:
    Duration start_;
    const std::vector<Freeze>& freezes_;
};

std::vector<Stretch> used_of(const AttemptRecord& attempt, const std::vector<Freeze>& freezes, const Span& run) {
    const Profile& profile = attempt.profile;
    const double length = seconds(profile.runtime);
    if (length <= 0) return {};
    if (profile.segments.empty()) return {{run, profile.memory_byte_seconds / length, seconds(profile.cpu) / length}};
    const OwnTime own(run.from, freezes);
    std::vector<Stretch> stretches;
    Duration from = run.from;
    for (const Segment& segment : profile.segments) {
        const Duration until = std::clamp(own.in_run(segment.until), from, run.until);
        stretches.push_back({{from, until}, static_cast<double>(segment.memory.count), segment.cpu.count});
        from = until;
    }
    return stretches;
}

}  // namespace

AttemptTimes times_of(const AttemptRecord& attempt, std::span<const Decision* const> decisions, WallTime run_start,
                      Duration end) {
    const Duration started = std::max(Duration{}, attempt.started - run_start);
    const Duration ended = attempt.ended ? *attempt.ended - run_start : end;
    AttemptTimes times{.ready = {}, .run = {started, std::max(started, ended)}, .freezes = {}, .changes = {}};
    if (attempt.wait) times.ready = std::max(Duration{}, started - attempt.wait->time);
    times.freezes = freezes_of(decisions, run_start, times.run);
    times.changes = changes_of(decisions, run_start);
    times.reserved = reserved_of(attempt, decisions, run_start, times.run);
    times.used = used_of(attempt, times.freezes, times.run);
    return times;
}

}  // namespace plimsoll::report
