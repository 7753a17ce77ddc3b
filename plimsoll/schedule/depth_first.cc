// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/depth_first.h"

#include <algorithm>
#include <utility>

namespace plimsoll::schedule {
namespace {

/// The best order of what a task needs.
std::vector<TaskId> most_given_back_first(std::span<const TaskId> needs, std::span<const double> back) {
    std::vector<TaskId> order(needs.begin(), needs.end());
    std::ranges::sort(order, [&](TaskId a, TaskId b) { return back[a] != back[b] ? back[a] > back[b] : a < b; });
    return order;
}

}  // namespace

void DepthFirst::join(TaskId task, std::span<const TaskId> needs, const Holds& holds) {
    needs_.join(task, needs);
    holds_.push_back(holds);
}

bool DepthFirst::refresh() {
    if (places_.size() >= holds_.size() / 2 && !places_.empty()) {
        place_new();
        return false;
    }
    const std::vector<double> before = std::exchange(places_, {});
    place_all();
    return !std::ranges::equal(before, std::span(places_).first(before.size()));
}

void DepthFirst::place_new() {
    for (auto task = static_cast<TaskId>(places_.size()); task < holds_.size(); ++task) {
        double place = needs_.of(task).empty() ? static_cast<double>(task) : 0;
        for (const TaskId need : needs_.of(task)) place = std::max(place, places_[need]);
        places_.push_back(place);
    }
}

/// By task: the most that is held until it is done, if all it needs is done in the best order, less what it leaves.
std::vector<double> DepthFirst::given_back() const {
    std::vector<double> most(holds_.size()), back(holds_.size());
    for (TaskId task = 0; task < holds_.size(); ++task) {
        double left = 0;  // by those that are done
        for (const TaskId need : most_given_back_first(needs_.of(task), back)) {
            most[task] = std::max(most[task], left + most[need]);
            left += holds_[need].leaves;
        }
        most[task] = std::max(most[task], left + holds_[task].running + holds_[task].leaves);
        back[task] = most[task] - holds_[task].leaves;
    }
    return back;
}

void DepthFirst::place_all() {
    const std::vector<double> back = given_back();
    std::vector<bool> is_needed(holds_.size());
    for (const TaskId need : needs_.all()) is_needed[need] = true;
    places_.assign(holds_.size(), -1);
    double place = 0;
    struct Visit {
        TaskId task = 0;
        std::vector<TaskId> needs;
        std::size_t next = 0;  ///< of them to go to
    };
    std::vector<Visit> path;
    const auto go_to = [&](TaskId task) {
        path.push_back({.task = task, .needs = most_given_back_first(needs_.of(task), back)});
    };
    for (TaskId last = 0; last < holds_.size(); ++last) {
        if (is_needed[last]) continue;
        go_to(last);
        while (!path.empty()) {
            Visit& here = path.back();
            if (here.next == here.needs.size()) {
                places_[here.task] = place++;
                path.pop_back();
                continue;
            }
            const TaskId need = here.needs[here.next++];
            if (places_[need] < 0) go_to(need);
        }
    }
}

}  // namespace plimsoll::schedule
