// SPDX-License-Identifier: Apache-2.0
// Queue: the ready tasks in the order in which they are considered.
//
// The order is one number per task that does not change while it waits:
//     rank - what its submission costs + priority_worth x priority + ageing x (how long ago it was handed in)
// in seconds. Tasks of one submission (a workflow, a job handed in alone) are waited for together: among them the
// longest path goes first. Of several submissions the one that is done with least of the machine goes first (the
// shortest job by area; the order F1 of Carastan-Santos and de Camargo, SC 2017, is near it). Waiting adds the same to
// everybody, so tasks compare as their other terms - ageing x handed in, fixed once; yet ageing is linear and without
// bound, so a task can be overtaken only by tasks that were handed in at most (the difference of the other terms) /
// ageing later.
//
// Tasks that ask for the same amounts, phase by phase, for the same time stand in one group: when the first of them
// does not fit, none does, and a tick passes over them all at once.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "plimsoll/model/need.h"
#include "plimsoll/model/plan.h"
#include "plimsoll/schedule/earliest_starts.h"

namespace plimsoll::schedule {

/// Work that was handed in together and is of use only as a whole. As of when it came: a task's place does not move.
struct Submission {
    double work_s = 0;  ///< that all its tasks take of the whole machine: runtimes x dominant shares
    double path_s = 0;  ///< its longest path
    bool operator==(const Submission&) const = default;
};

/// A task that could start now, and what it asks for.
struct Candidate {
    TaskId task = 0;
    Resources amounts;
    std::vector<Phase> phases = {};  ///< as in Reservation
    Duration runtime{};              ///< as reserved (the bound); 0: unknown
    double priority = 0;             ///< the user's
    double rank = 0;             ///< seconds of the longest path from its start to the end of the work that is known
    Submission submission = {};  ///< the same for all where everything belongs together
    Instant handed_in{};         ///< waiting counts from then
    Instant latest_start = Instant::max();  ///< to meet a deadline; max: none
    Instant deadline = Instant::max();      ///< max: none
};

/// What a second of path, of work, of waiting and a step of priority are worth against each other.
struct Order {
    double path_worth = 1;
    double priority_worth = 3600;  ///< seconds: one step of priority outweighs an hour of critical path
    double ageing = 0.1;           ///< ten seconds of waiting outweigh one of critical path
    double work_worth = 6;         ///< a submission that takes a second of the whole machine less goes before one that
                                   ///< has waited a minute longer
    double length_worth = 0.4;     ///< and so does one that is 15 s shorter
    double deadline_worth = 0;     ///< of a second by which a deadline comes sooner; what has none comes last
};

class Queue {
public:
    /// A place in the order: higher scores first, then the lower task id.
    struct Place {
        double score = 0;
        TaskId task = 0;
        bool operator<(const Place& other) const {
            return score != other.score ? score > other.score : task < other.task;
        }
    };
    /// What tasks of one group have in common.
    struct Ask {
        Resources amounts;
        std::vector<Phase> phases;
        Duration runtime{};
        Need need;  ///< of amounts and phases
    };
    struct Group {
        Ask ask;
        std::set<Place> places;
    };

    explicit Queue(const Order& order = {}) : order_(order) {}

    /// A task of this id that is there already is replaced (its rank or forecast has changed), and keeps
    /// the start it was promised.
    void push(const Candidate& candidate);
    void erase(TaskId task);
    bool empty() const { return entries_.empty(); }
    std::size_t size() const { return entries_.size(); }
    bool contains(TaskId task) const { return entries_.contains(task); }
    /// The place that a task would have.
    Place place_of(const Candidate& candidate) const;

    /// The groups by the place of their first task.
    const std::set<std::pair<Place, const Group*>>& groups() const { return fronts_; }
    /// Tasks with a deadline, by when they must start.
    const std::set<std::pair<Instant, TaskId>>& deadlines() const { return deadlines_; }
    const Ask& ask(TaskId task) const;
    /// Of each kind, the least that any waiting task asks for at its start; 0 where one asks for none of it, or none
    /// waits. What is free nowhere so much of keeps all of them waiting.
    ResourceCounts least() const;

    /// What plans found out of when asks could start.
    EarliestStarts& earliest() { return earliest_; }
    /// The start that a waiting task was first told; how late it is decides whether others may still
    /// slip in before it.
    std::optional<Instant> promise(TaskId task) const;
    /// Kept only if it is the first.
    void promise(TaskId task, Instant start);
    /// Forgets what all others were promised: they went behind a better one, which is no matter of wrong predictions.
    void keep_promises(std::span<const Wait> waits);

private:
    using Groups = std::map<std::pair<Need, Duration>, Group>;
    struct Entry {
        Place place;
        Instant latest_start;
        std::optional<Instant> promise;
        Groups::iterator group;
    };
    /// How many groups ask for a kind at their start, and how many for so much of it.
    struct Asked {
        std::size_t groups = 0;
        std::map<std::int64_t, std::size_t> by_amount;
    };
    void insert(Group& group, const Place& place);
    void remove(Group& group, const Place& place);
    void count(const Group& group, int sign);

    Order order_;
    std::unordered_map<TaskId, Entry> entries_;
    Groups by_ask_;
    std::set<std::pair<Place, const Group*>> fronts_;
    std::set<std::pair<Instant, TaskId>> deadlines_;
    std::vector<TaskId> promised_;
    std::array<Asked, resource_kind_count> asked_;
    EarliestStarts earliest_;
};

}  // namespace plimsoll::schedule
