// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/depth_first.h"

#include <algorithm>
#include <utility>

#include "plimsoll/base/check.h"

namespace plimsoll::schedule {

void DepthFirst::join(TaskId task, std::span<const TaskId> needs, const Holds& holds) {
    PLIM_CHECK(task == holds_.size(), "tasks join in the order of their ids");
    for (const TaskId need : needs) PLIM_CHECK(need < task, "what a task needs joins before it");
    holds_.push_back(holds);
    needs_.insert(needs_.end(), needs.begin(), needs.end());
    needs_end_.push_back(needs_.size());
}

std::span<const TaskId> DepthFirst::needs_of(TaskId task) const {
    const std::size_t begin = task == 0 ? 0 : needs_end_[task - 1];
    return std::span(needs_).subspan(begin, needs_end_[task] - begin);
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
        double place = needs_of(task).empty() ? static_cast<double>(task) : 0;
        for (const TaskId need : needs_of(task)) place = std::max(place, places_[need]);
        places_.push_back(place);
    }
}

/// By task: the most that is held until it is done, if all it needs is done in the best order, less what it leaves.
std::vector<double> DepthFirst::given_back() const {
    std::vector<double> most(holds_.size()), back(holds_.size());
    std::vector<TaskId> order;
    for (TaskId task = 0; task < holds_.size(); ++task) {
        order.assign(needs_of(task).begin(), needs_of(task).end());
        std::ranges::sort(order, [&](TaskId a, TaskId b) { return back[a] != back[b] ? back[a] > back[b] : a < b; });
        double left = 0;  // by those that are done
        for (const TaskId need : order) {
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
    for (const TaskId need : needs_) is_needed[need] = true;
    places_.assign(holds_.size(), -1);
    double next = 0;
    struct Visit {
        TaskId task = 0;
        std::vector<TaskId> needs;  ///< not gone to yet, the last one next
    };
    std::vector<Visit> path;
    const auto go_to = [&](TaskId task) {
        Visit visit{.task = task, .needs = {needs_of(task).begin(), needs_of(task).end()}};
        std::ranges::sort(visit.needs,
                          [&](TaskId a, TaskId b) { return back[a] != back[b] ? back[a] < back[b] : a > b; });
        path.push_back(std::move(visit));
    };
    for (TaskId last = 0; last < holds_.size(); ++last) {
        if (is_needed[last]) continue;
        go_to(last);
        while (!path.empty()) {
            Visit& here = path.back();
            if (here.needs.empty()) {
                places_[here.task] = next++;
                path.pop_back();
                continue;
            }
            const TaskId need = here.needs.back();
            here.needs.pop_back();
            if (places_[need] < 0) go_to(need);
        }
    }
}

}  // namespace plimsoll::schedule
