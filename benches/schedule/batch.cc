// SPDX-License-Identifier: Apache-2.0
#include "benches/schedule/batch.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "plimsoll/base/check.h"

namespace plimsoll::benches {
namespace {

constexpr double never = std::numeric_limits<double>::infinity();

/// Lowest first; the second number settles ties.
using Score = std::pair<double, double>;

struct Running {
    double end = 0;            ///< in truth
    double requested_end = 0;  ///< as far as the scheduler knows
    double processors = 0;
};

/// Starts jobs one by one and handles arrivals and completions; what to start is the modes' own.
class Machine {
public:
    Machine(std::span<const BatchJob> jobs, const BatchRun& run)
        : jobs_(jobs), run_(run), free_(run.processors), starts_(jobs.size(), never) {
        now_ = jobs.empty() ? 0 : jobs.front().submit_s;
        for (const BatchJob& job : jobs)
            PLIM_CHECK(job.processors <= run.processors, "a job is larger than the machine");
    }

    std::vector<double> run() {
        if (jobs_.empty()) return {};
        take_first_arrival();
        if (run_.mode == BatchMode::easy) run_easy();
        else run_published();
        return std::move(starts_);
    }

private:
    bool all_started() const { return started_ == jobs_.size(); }
    bool fits(std::size_t job) const { return jobs_[job].processors <= free_; }

    Score score(std::size_t at) const {
        const BatchJob& job = jobs_[at];
        const double r = job.requested_s, n = job.processors, s = job.submit_s;
        const double w = run_.mode == BatchMode::repo ? -1 - s : now_ - s;
        switch (run_.order) {
            case BatchOrder::fcfs: return {s, 0};
            case BatchOrder::sjf: return {r, s};
            case BatchOrder::f1: return {std::log10(std::max(r, 0.1)) * n + 870 * std::log10(std::max(s, 0.1)), 0};
            case BatchOrder::wfp3: return {-std::pow(w / r, 3) * n, 0};
            case BatchOrder::unicep: break;
        }
        const double divisor = run_.mode == BatchMode::easy ? std::max(std::log2(n), 1e-15) : std::log2(n + 1e-15);
        return {-(w + 1e-15) / (divisor * r), 0};
    }

    /// Equal scores keep the order of submission.
    void sort_queue() {
        std::vector<std::pair<Score, std::size_t>> keyed;
        keyed.reserve(queue_.size());
        for (const std::size_t job : queue_) keyed.emplace_back(score(job), job);
        std::sort(keyed.begin(), keyed.end());
        for (std::size_t at = 0; at < keyed.size(); ++at) queue_[at] = keyed[at].second;
    }

    void start(std::size_t job) {
        const BatchJob& what = jobs_[job];
        free_ -= what.processors;
        starts_[job] = now_;
        ++started_;
        const Running running{now_ + what.run_s, now_ + what.requested_s, what.processors};
        // Those that end at one instant stand in the order of their starts.
        running_.insert(std::upper_bound(running_.begin(), running_.end(), running,
                                         [](const Running& a, const Running& b) { return a.end < b.end; }),
                        running);
        std::erase(queue_, job);
    }

    double next_arrival() const { return arrived_ < jobs_.size() ? jobs_[arrived_].submit_s : never; }
    double next_end() const { return running_.empty() ? never : running_.front().end; }

    /// One arrival or one completion.
    void take_event() {
        if (next_arrival() <= next_end()) {
            now_ = std::max(now_, next_arrival());
            queue_.push_back(arrived_++);
            return;
        }
        now_ = std::max(now_, next_end());
        free_ += running_.front().processors;
        running_.erase(running_.begin());
    }

    void take_first_arrival() {
        if (run_.mode == BatchMode::easy) return;
        queue_.push_back(arrived_++);
    }

    /// When the head fits if all end as requested, and how much is then left beside it.
    std::pair<double, double> shadow(std::size_t head) const {
        std::vector<std::pair<double, double>> ends;
        ends.reserve(running_.size());
        for (const Running& running : running_) ends.emplace_back(running.requested_end, running.processors);
        std::sort(ends.begin(), ends.end());
        double free = free_;
        for (const auto& [end, processors] : ends) {
            free += processors;
            if (free >= jobs_[head].processors) return {end, free - jobs_[head].processors};
        }
        return {never, 0};
    }

    void run_published() {
        while (!all_started()) {
            sort_queue();
            const std::size_t head = queue_.front();
            const double until = fits(head) ? 0 : shadow(head).first;
            while (!fits(head)) {
                if (run_.backfill) backfill_published(head, until);
                take_event();
            }
            start(head);
            while (queue_.empty() && arrived_ < jobs_.size()) take_event();
        }
    }

    void backfill_published(std::size_t head, double until) {
        std::vector<std::size_t> behind = queue_;
        std::sort(behind.begin(), behind.end());  // of submission
        for (const std::size_t job : behind)
            if (job != head && now_ + jobs_[job].requested_s < until && fits(job)) start(job);
    }

    void run_easy() {
        while (!all_started()) {
            const double instant = std::min(next_arrival(), next_end());
            while (std::min(next_arrival(), next_end()) == instant) take_event();
            if (queue_.empty()) continue;
            sort_queue();
            while (!queue_.empty() && fits(queue_.front())) start(queue_.front());
            if (run_.backfill && !queue_.empty()) backfill_easy();
        }
    }

    void backfill_easy() {
        const std::vector<std::size_t> order = queue_;
        auto [until, extra] = shadow(order.front());
        for (std::size_t at = 1; at < order.size(); ++at) {
            const BatchJob& job = jobs_[order[at]];
            if (!fits(order[at])) continue;
            const bool before = now_ + job.requested_s <= until;
            if (!before && job.processors > extra) continue;
            if (!before) extra -= job.processors;
            start(order[at]);
        }
    }

    std::span<const BatchJob> jobs_;
    BatchRun run_;
    double now_ = 0;
    double free_;
    std::size_t arrived_ = 0, started_ = 0;
    std::vector<std::size_t> queue_;
    std::vector<Running> running_;  ///< by true end
    std::vector<double> starts_;
};

}  // namespace

std::vector<BatchJob> batch_jobs(const simulate::SwfTrace& trace) {
    std::vector<simulate::SwfJob> rows = trace.jobs;
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
    std::vector<BatchJob> jobs;
    for (const simulate::SwfJob& row : rows) {
        const double run = row.run_s < 0 ? 10 : row.run_s;
        const double processors = std::max(row.allocated, row.requested);
        if (run == 0 || processors <= 0) continue;
        jobs.push_back({.submit_s = row.submit_s,
                        .run_s = run,
                        .requested_s = row.requested_s < 0 ? run : row.requested_s,
                        .processors = processors});
    }
    return jobs;
}

std::string_view name_of(BatchOrder order) {
    constexpr std::string_view names[] = {"FCFS", "WFP3", "UNICEP", "SJF", "F1"};
    return names[static_cast<int>(order)];
}

std::string_view name_of(BatchMode mode) {
    constexpr std::string_view names[] = {"repo", "fix", "easy"};
    return names[static_cast<int>(mode)];
}

double bounded_slowdown(std::span<const BatchJob> jobs, std::span<const double> starts_s) {
    double sum = 0;
    for (std::size_t at = 0; at < jobs.size(); ++at) {
        const double wait = starts_s[at] - jobs[at].submit_s;
        sum += std::max(1.0, (wait + jobs[at].run_s) / std::max(jobs[at].run_s, 10.0));
    }
    return sum / static_cast<double>(jobs.size());
}

double bounded_slowdown(std::span<const BatchJob> jobs, const BatchRun& run) {
    return bounded_slowdown(jobs, Machine(jobs, run).run());
}

}  // namespace plimsoll::benches
