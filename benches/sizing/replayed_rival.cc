// SPDX-License-Identifier: Apache-2.0
// Replayed cost as it was before the product's: median, line and nearest compete on what following each of them,
// times a factor, would have cost. Plainly written, every sum afresh.
#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <numeric>

#include "benches/sizing/rivals.h"

namespace plimsoll::benches {
namespace {

constexpr std::size_t window = 400;
using Words = std::array<double, 3>;  ///< median, line, nearest

struct Run {
    double x = 0, y = 0, t = 0;
};

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const std::size_t half = values.size() / 2;
    return values.size() % 2 ? values[half] : (values[half - 1] + values[half]) / 2;
}

template <class Runs>
Words words_of(const Runs& runs, double x, std::size_t line_least) {
    std::vector<double> xs, ys;
    for (const Run& run : runs) xs.push_back(run.x), ys.push_back(run.y);
    const double middle = median(ys);
    const double line = runs.size() < line_least
                            ? middle
                            : std::max(least_squares(xs, ys).at(x), 0.8 * *std::min_element(ys.begin(), ys.end()));
    std::vector<std::size_t> order(runs.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return std::abs(xs[a] - x) < std::abs(xs[b] - x); });
    double nearest = 0;
    for (std::size_t at = 0; at < std::min<std::size_t>(3, order.size()); ++at)
        nearest = std::max(nearest, ys[order[at]]);
    return {middle, line, nearest};
}

std::vector<double> factors() {
    std::vector<double> all;
    const auto range = [&](int from, int to, int step) {
        for (int at = from; at < to; at += step) all.push_back(at / 1000.0);
    };
    range(600, 1200, 5), range(1200, 1600, 20), range(1600, 3000, 100), range(3000, 8000, 500);
    return all;
}

double cost_of(double first, const Run& run, double time_to_failure) {
    double held = first, failed = 0;
    for (; held < run.y; held *= 2) failed += held;
    return (held - run.y + failed * time_to_failure) * run.t;
}

struct Record {
    Words words{};
    Run run;
};

struct Choice {
    std::size_t predictor = 0;
    double factor = 1;
};

template <class Runs>
Choice cheapest(const std::deque<Record>& record, const Runs& runs, double time_to_failure) {
    std::vector<double> ys;
    double mean_s = 0;
    for (const Run& run : runs) ys.push_back(run.y), mean_s += run.t / static_cast<double>(runs.size());
    const double middle = median(ys);
    const Run pseudos[] = {
        {0, middle, 0.6 * mean_s}, {0, 1.08 * middle, 0.25 * mean_s}, {0, 1.3 * middle, 0.15 * mean_s}};
    Choice choice;
    double least = -1;
    for (std::size_t predictor = 0; predictor < 3; ++predictor) {
        if (predictor == 1 && runs.size() < 5) continue;
        for (const double factor : factors()) {
            double cost = 0;
            for (const Record& one : record) cost += cost_of(factor * one.words[predictor], one.run, time_to_failure);
            for (const Run& pseudo : pseudos) cost += cost_of(factor * middle, pseudo, time_to_failure);
            if (least < 0 || cost < least) least = cost, choice = {predictor, factor};
        }
    }
    return choice;
}

double retried(const Seen& seen, double allotted, int failed) {
    const double largest = seen.size() > 0 ? seen.largest() : 0;
    return failed == 1 && 1.2 * allotted < largest && largest < 2.5 * allotted ? 1.05 * largest : 2 * allotted;
}

class ReplayedCost final : public Rules {
public:
    explicit ReplayedCost(double time_to_failure) : time_to_failure_(time_to_failure) {}
    void learn(const TraceTask& task, const Seen&) override {
        const Run run{task.input, task.peak, task.runtime_s};
        if (!runs_.empty()) record_.push_back({words_of(runs_, run.x, 3), run});
        runs_.push_back(run);
        if (runs_.size() > window) runs_.pop_front();
        if (record_.size() > window) record_.pop_front();
        choice_.reset();
    }
    std::optional<double> first(const TraceTask& task, const Seen&) override {
        if (!choice_) choice_ = cheapest(record_, runs_, time_to_failure_);
        return choice_->factor * words_of(runs_, task.input, 3)[choice_->predictor];
    }
    double retry(const TraceTask&, const Seen& seen, double allotted, int failed) override {
        return retried(seen, allotted, failed);
    }

private:
    double time_to_failure_;
    std::deque<Run> runs_;
    std::deque<Record> record_;
    std::optional<Choice> choice_;
};

/// Learns a half at once: the words of each instance are those without it.
class LeftOut final : public Rules {
public:
    explicit LeftOut(double time_to_failure) : time_to_failure_(time_to_failure) {}
    void learn(const TraceTask& task, const Seen&) override {
        runs_.push_back({task.input, task.peak, task.runtime_s});
        choice_.reset();
    }
    std::optional<double> first(const TraceTask& task, const Seen&) override {
        if (!choice_) choice_ = choose();
        return choice_->factor * words_of(runs_, task.input, 3)[choice_->predictor];
    }

private:
    Choice choose() const {
        std::deque<Record> record;
        for (std::size_t at = 0; at < runs_.size() && runs_.size() > 1; ++at) {
            std::vector<Run> others = runs_;
            others.erase(others.begin() + static_cast<std::ptrdiff_t>(at));
            record.push_back({words_of(others, runs_[at].x, 3), runs_[at]});
        }
        return cheapest(record, runs_, time_to_failure_);
    }
    double time_to_failure_;
    std::vector<Run> runs_;
    std::optional<Choice> choice_;
};

}  // namespace

std::unique_ptr<Rules> make_replayed_cost(double time_to_failure) {
    return std::make_unique<ReplayedCost>(time_to_failure);
}
std::unique_ptr<Rules> make_replayed_cost_left_out(double time_to_failure) {
    return std::make_unique<LeftOut>(time_to_failure);
}

}  // namespace plimsoll::benches
