// SPDX-License-Identifier: Apache-2.0
// What must hold of shares and of the order in a queue where the books tell exactly: all tasks hold the same, need
// nothing of each other, take what they asked for, and nothing goes wrong. Watched from outside, by the events alone.
//
// Then every place that is left takes any task that waits, and the places can be counted. Of two siblings i and j that
// both have work that waits, with n attempts running and weights w, after each round of starts
//
//   fair      n_i / w_i - n_j / w_j <= 1 / w_i: when i was last given a place it had the least, and places that j gave
//             back since go to those with the least, j among them. Below the root a place may have gone to another
//             branch meanwhile: 1 / w_j more.
//   sfq       served time S (of all its starts) likewise: S_i / w_i - S_j / w_j <= max_i / w_i + max_j / w_j, with the
//             longest task of each (Goyal et al. 1996, theorem 1).
//   priority  nothing of i starts while j of higher priority waits.
//
// and within a queue nobody is overtaken by a task that was handed in later by more than ageing makes up for.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "plimsoll/loop/event.h"
#include "plimsoll/simulate/scenario.h"

namespace plimsoll::simulate {

/// Do its tasks all hold the same, take what they asked for and need nothing of each other, and does nothing go wrong?
bool has_plain_tasks(const Scenario& scenario);

/// Is it so plain that these laws hold?
bool has_plain_contention(const Scenario& scenario);

class ShareLaws {
public:
    /// Of one start of Plimsoll in a scenario of plain contention, which outlives it. `broke` hears what broke.
    ShareLaws(const Scenario& scenario, std::function<void(std::string)> broke);

    void hear(const std::vector<loop::Event>& told);

private:
    struct OfTask {
        std::size_t queue = 0;
        Instant arrives{};
        bool has_started = false;
    };
    struct OfQueue {
        std::vector<std::size_t> children;
        std::vector<TaskId> tasks;  ///< of a leaf, in the order of ids
        int running = 0;            ///< here or below
        double served_s = 0, longest_s = 0;
    };
    void started(TaskId task, Instant now);
    void ended(TaskId task);
    bool waits(std::size_t queue, Instant now) const;
    void nothing_better_waits(TaskId task, Instant now);
    void nobody_is_overtaken(TaskId task, Instant now);
    void shares_are_fair(Instant now);
    bool shares_places(std::size_t queue) const;
    void compare(std::size_t one, std::size_t other);
    void no_place_is_empty(Instant now);
    const QueueSpec& spec(std::size_t queue) const { return scenario_.queues[queue]; }

    const Scenario& scenario_;
    std::function<void(std::string)> broke_;
    std::vector<OfTask> tasks_;
    std::vector<OfQueue> queues_;
    int places_ = 0;
    bool has_all_from_the_start_ = true;
};

}  // namespace plimsoll::simulate
