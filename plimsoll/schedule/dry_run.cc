// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/dry_run.h"

#include <algorithm>
#include <map>
#include <queue>
#include <tuple>
#include <utility>
#include <vector>

#include "plimsoll/base/check.h"
#include "plimsoll/schedule/critical_path.h"
#include "plimsoll/schedule/depth_first.h"

namespace plimsoll::schedule {
namespace {

class Rehearsal {
public:
    Rehearsal(std::span<const DryTask> tasks, std::span<const Node> nodes, std::vector<QueueSpec> queues,
              const Policy& policy)
        : tasks_(tasks),
          policy_(policy),
          any_depth_first_(has_discipline(queues, Discipline::depth)),
          queues_(std::move(queues)) {
        for (const Node& node : nodes) {
            PLIM_CHECK(node.id == calendars_.size(), "node ids count from 0 in order");
            calendars_.emplace_back(node.capacity);
            capacity_ += node.capacity;
        }
        queues_.shares().set_capacity(capacity_);
        join_all();
    }

    DryRun run() {
        while (true) {
            start_what_fits();
            if (running_.empty() && arrived_ == arrivals_.size()) break;
            go_on();
        }
        report_impossible();
        return std::move(run_);
    }

private:
    struct Running {
        Instant end;  ///< when it is taken to end
        TaskId task = 0;
        QueueId queue = 0;
        Reservation held;
        bool operator>(const Running& other) const { return std::tie(end, task) > std::tie(other.end, other.task); }
    };

    Duration length(const DryTask& task) const {
        return task.runtime > Duration::zero() ? task.runtime : policy_.unknown_runtime;
    }
    Duration takes(const DryTask& task) const { return task.takes > Duration::zero() ? task.takes : length(task); }

    void join_all() {
        waits_for_.resize(tasks_.size());
        taken_.resize(tasks_.size());
        needed_by_.resize(tasks_.size());
        for (TaskId id = 0; id < tasks_.size(); ++id) {
            path_.join(id, tasks_[id].needs, seconds(takes(tasks_[id])));
            if (any_depth_first_) depth_.join(id, tasks_[id].needs, held_by(tasks_[id]));
            waits_for_[id] = static_cast<int>(tasks_[id].needs.size());
            for (const TaskId need : tasks_[id].needs) needed_by_[need].push_back(id);
        }
        path_.refresh();
        depth_.refresh();
        weigh_submissions();
        for (TaskId id = 0; id < tasks_.size(); ++id) arrivals_.push_back(id);
        std::stable_sort(arrivals_.begin(), arrivals_.end(),
                         [this](TaskId a, TaskId b) { return tasks_[a].arrives < tasks_[b].arrives; });
        take_arrivals();
    }

    static DepthFirst::Holds held_by(const DryTask& task) {
        return {.running = static_cast<double>(task.amounts.memory.count),
                .leaves = static_cast<double>(task.leaves.count)};
    }

    void weigh_submissions() {
        for (TaskId id = 0; id < tasks_.size(); ++id) {
            const DryTask& task = tasks_[id];
            Submission& whole = submissions_[task.submission];
            whole.work_s += seconds(takes(task)) * dominant_share(task.amounts, capacity_);
            whole.path_s = std::max(whole.path_s, path_.rank(id));
        }
    }

    Instant arrival(TaskId id) const { return end_of(Instant{}, tasks_[id].arrives); }

    void take_arrivals() {
        for (; arrived_ < arrivals_.size() && arrival(arrivals_[arrived_]) <= now_; ++arrived_) {
            const TaskId id = arrivals_[arrived_];
            taken_[id] = true;
            if (waits_for_[id] == 0) push(id);
        }
    }

    void push(TaskId id) {
        const DryTask& task = tasks_[id];
        const QueueId queue = queues_.find(task.queue);
        if (!fits_somewhere(task.amounts) || !fits(task.amounts, queues_.shares().within_limits(queue, capacity_)))
            return;
        const bool is_depth_first = queues_.shares().spec(queue).discipline == Discipline::depth;
        Candidate candidate{.task = id,
                            .amounts = task.amounts,
                            .phases = task.phases,
                            .runtime = task.runtime,
                            .priority = task.priority,
                            .rank = is_depth_first ? -depth_.place(id) : task.rank.value_or(path_.rank(id)),
                            .submission = is_depth_first ? Submission{} : submissions_.at(task.submission),
                            .handed_in = arrival(id)};
        if (task.deadline) candidate.deadline = end_of(Instant{}, *task.deadline);
        queues_.push(candidate, queue);
    }

    bool fits_somewhere(const Resources& amounts) const {
        return std::any_of(calendars_.begin(), calendars_.end(),
                           [&](const Calendar& node) { return node.fits_when_empty(amounts); });
    }

    void start_what_fits() {
        if (queues_.empty()) return;
        for (Calendar& calendar : calendars_) calendar.trim(now_);
        for (const Start& start : plan(queues_, {now_, calendars_}, policy_).starts) {
            const QueueId queue = queues_.queue_of(start.task);
            queues_.shares().serve(queue, start.reservation.amounts, seconds(takes(tasks_[start.task])));
            queues_.erase(start.task);
            const Instant end = end_of(now_, takes(tasks_[start.task]));
            Reservation held = start.reservation;
            // What is taken to run past its reservation holds on to it, as live.
            held.end = std::max(held.end, end);
            calendars_[held.node].add(held);
            running_.push({end, start.task, queue, held});
            run_.starts.push_back({start.task, held.node, now_ - Instant{}, end - Instant{}});
        }
    }

    /// Time goes to the next end, arrival or phase, where something may fit; all that end then are finished.
    void go_on() {
        const Instant before = std::exchange(now_, running_.empty() ? Instant::max() : running_.top().end);
        if (arrived_ < arrivals_.size()) now_ = std::min(now_, arrival(arrivals_[arrived_]));
        if (!queues_.empty())
            for (const Calendar& calendar : calendars_)
                now_ = std::min(now_, calendar.next_change(before).value_or(now_));
        while (!running_.empty() && running_.top().end == now_) {
            const Running ended = running_.top();
            running_.pop();
            calendars_[ended.held.node].remove(ended.held);
            queues_.shares().add_held(ended.queue, Resources{} - ended.held.amounts, -1);
            for (const TaskId id : needed_by_[ended.task])
                if (--waits_for_[id] == 0 && taken_[id]) push(id);
            run_.makespan = now_ - Instant{};
        }
        take_arrivals();
    }

    void report_impossible() {
        std::vector<bool> started(tasks_.size());
        for (const DryStart& start : run_.starts) started[start.task] = true;
        for (TaskId id = 0; id < tasks_.size(); ++id)
            if (!started[id]) run_.impossible.push_back(id);
    }

    std::span<const DryTask> tasks_;
    const Policy& policy_;
    const bool any_depth_first_;  ///< of the queues
    Queues queues_;
    std::vector<Calendar> calendars_;
    CriticalPath path_;
    DepthFirst depth_;
    Resources capacity_;  ///< of all nodes
    std::map<std::uint32_t, Submission> submissions_;
    std::vector<TaskId> arrivals_;  ///< in order of arrival
    std::size_t arrived_ = 0;       ///< of them
    std::vector<bool> taken_;       ///< by task: it has arrived
    std::vector<int> waits_for_;
    std::vector<std::vector<TaskId>> needed_by_;
    std::priority_queue<Running, std::vector<Running>, std::greater<>> running_;
    Instant now_{};
    DryRun run_;
};

}  // namespace

DryRun dry_run(std::span<const DryTask> tasks, std::span<const Node> nodes, std::vector<QueueSpec> queues,
               const Policy& policy) {
    return Rehearsal(tasks, nodes, std::move(queues), policy).run();
}

}  // namespace plimsoll::schedule
