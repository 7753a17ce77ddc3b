// SPDX-License-Identifier: Apache-2.0
// What is held, and what one tick decides.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/base/time.h"
#include "plimsoll/model/resources.h"
#include "plimsoll/model/task.h"

namespace plimsoll {

using NodeId = std::uint32_t;

struct Node {
    NodeId id = 0;
    std::string name;
    Resources capacity;
    bool operator==(const Node&) const = default;
};

/// A stretch of a reservation's own time, from the end of the one before.
struct Phase {
    Duration until{};  ///< from the reservation's start
    Resources amounts;
    bool operator==(const Phase&) const = default;
};

/// Resources x interval x node, a value. Its owner in `allocate` is a Claim.
struct Reservation {
    Resources amounts;  ///< the most it comes to, of each kind
    Instant start{};
    Instant end{};  ///< when it is expected to be given back; a task that runs on keeps it
    NodeId node = 0;
    /// What is held when, `until` rising; the last one lasts to the end, however late that comes. Empty: the
    /// amounts throughout.
    std::vector<Phase> phases = {};
    bool operator==(const Reservation&) const = default;
};

/// start + length, saturating at the end of time.
inline Instant end_of(Instant start, Duration length) {
    const Duration left = Instant::max() - std::max(start, Instant{});
    return length < left ? start + length : Instant::max();
}

/// What is held at that instant: the first phase's amounts before the start, the last one's after the end.
const Resources& amounts_at(const Reservation& reservation, Instant when);
/// The most of each kind that any of them comes to; nothing of no phases.
Resources most_of(std::span<const Phase> phases);

/// Where an attempt runs: enough for telemetry to watch it, for shape to limit it, and for a later
/// Plimsoll to find it after a crash.
struct Placement {
    NodeId node = 0;
    int pid = 0;
    std::string group;          ///< the engine's name for it: a cgroup path below the run's, or "" without cgroups
    std::string pid_file = {};  ///< where the main process's number comes to stand, should `pid` not be its parent
    bool operator==(const Placement&) const = default;
};

/// Why a task starts before others.
enum class StartCause {
    first_in_line,
    deadline_near,
    room_kept,    ///< it is due, and room was kept for it from then on
    ends_before,  ///< backfill: it is taken to be done before the first in line can start
    beside,       ///< backfill: it leaves the first in line its room
};

/// How a queue stood when it was its turn.
struct QueueTurn {
    std::size_t queue = 0;  ///< its place in the list of queues
    double share = 0;       ///< the dominant share of the machine that it held
    double due = 1;         ///< the share that is due to it among those that have work
    int rivals = 0;         ///< other queues that had work
    bool operator==(const QueueTurn&) const = default;
};

/// One task to start at once.
struct Start {
    TaskId task = 0;
    Reservation reservation;
    StartCause cause = StartCause::first_in_line;
    TaskId first = 0;                    ///< in line, of a backfill: who waits
    Instant first_start{};               ///< when that one can start, as things stand
    std::optional<QueueTurn> turn = {};  ///< where queues share the machine
};

/// A task that does not fit now: when it will, as things stand.
struct Wait {
    TaskId task = 0;
    Reservation reservation;  ///< held for it: nothing that starts now is predicted to be in its way
    std::string reason;       ///< what it waits for: "memory is short until +12 s"
    std::string_view lack;    ///< the kind that is short: "memory"; "": room that is held for others
    bool operator==(const Wait&) const = default;
};

/// A task that a queue's limit keeps waiting, the first of its kind in its queue.
struct Limited {
    TaskId task = 0;
    std::size_t queue = 0;  ///< whose limit it is: the task's own, or one above it
    bool operator==(const Limited&) const = default;
};

/// Room that is left free for another run, whose queue's turn it was.
struct Yield {
    std::size_t queue = 0;
    std::uint64_t run = 0;  ///< whose
    Resources amounts;
    bool is_there = false;  ///< now: it could start at once
    bool operator==(const Yield&) const = default;
};

/// The starts, and what else one tick decides.
struct Plan {
    std::vector<Start> starts;
    std::vector<Wait> waits;       ///< the first in line that do not fit now
    std::vector<Limited> limited;  ///< met on the way: their queue, or one above it, may hold no more
    std::vector<Yield> yields;     ///< what is left free for other runs
    /// A bit for each kind of which all that still waits asks for more than is free on any node: without more of each
    /// of them nothing starts.
    std::uint32_t lacking = 0;
    std::vector<TaskId> too_large;  ///< met on the way: they exceed every node's present capacity, even when empty
};

}  // namespace plimsoll
