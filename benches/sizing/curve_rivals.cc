// SPDX-License-Identifier: Apache-2.0
// The rivals over time: k-Segments and KS+.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>

#include "benches/sizing/over_time.h"
#include "benches/sizing/rivals.h"

namespace plimsoll::benches {
namespace {

constexpr std::size_t parts = 4;
constexpr double least = 100e6;

/// Lines over x, one for each part.
struct Lines {
    std::vector<double> x;
    std::array<std::vector<double>, parts> y;
    Fit fit(std::size_t part) const { return least_squares(x, y[part]); }
    /// The line, moved up by its largest residual.
    double above(std::size_t part, double at) const {
        const Fit line = fit(part);
        double largest = 0;
        for (std::size_t one = 0; one < x.size(); ++one) largest = std::max(largest, y[part][one] - line.at(x[one]));
        return line.at(at) + largest;
    }
};

/// Bader et al. 2023, "Predicting the peak memory of workflow tasks over time" (k-Segments, selective).
class KSegments final : public CurveMethod {
public:
    void learn(const SeriesTask& task) override {
        Kind& kind = kinds_[task.kind];
        const std::size_t length = task.memory.size() / parts;
        kind.peaks.x.push_back(task.input / 1e9);
        kind.samples.push_back(static_cast<double>(task.memory.size()));
        for (std::size_t part = 0; part < parts; ++part) {
            const auto from = task.memory.begin() + static_cast<std::ptrdiff_t>(part * length);
            const auto to = part + 1 == parts ? task.memory.end() : from + static_cast<std::ptrdiff_t>(length);
            kind.peaks.y[part].push_back(from == to ? task.peak() : *std::max_element(from, to));
        }
    }
    StepPlan plan(const SeriesTask& task) override {
        const auto found = kinds_.find(task.kind);
        if (found == kinds_.end()) return {{.until = 0, .memory = task.request}};
        const auto& [peaks, samples] = found->second;
        const double x = task.input / 1e9;
        const Fit line = least_squares(peaks.x, samples);
        double lowest = 0;
        for (std::size_t at = 0; at < samples.size(); ++at)
            lowest = std::min(lowest, samples[at] - line.at(peaks.x[at]));
        const double length = std::max(1.0, std::floor(std::floor(line.at(x) + lowest) / parts));
        StepPlan plan;
        for (std::size_t part = 0; part < parts; ++part) {
            double memory = peaks.above(part, x);
            if (memory <= 0) memory = least;
            if (part > 0) memory = std::max(memory, plan.back().memory);
            plan.push_back({.until = length * static_cast<double>(part + 1), .memory = memory});
        }
        return plan;
    }
    StepPlan retry(const SeriesTask&, const StepPlan& failed, std::size_t sample, int) override {
        StepPlan next = failed;
        next[step_at(next, sample)].memory *= 2;
        return next;
    }

private:
    struct Kind {
        Lines peaks;
        std::vector<double> samples;
    };
    std::map<std::string, Kind> kinds_;
};

/// KS+ (2024): segments of any length, found in the running maximum. After a failure their ends are whole samples.
class KsPlus final : public CurveMethod {
public:
    void learn(const SeriesTask& task) override {
        const StepPlan steps = steps_of(task.memory);
        auto& [ends, peaks] = kinds_[task.kind];
        ends.x.push_back(task.input / 1e9);
        peaks.x.push_back(task.input / 1e9);
        for (std::size_t part = 0; part < parts; ++part) {
            ends.y[part].push_back(steps[part].until);
            peaks.y[part].push_back(steps[part].memory);
        }
    }
    StepPlan plan(const SeriesTask& task) override {
        const auto found = kinds_.find(task.kind);
        if (found == kinds_.end()) return {{.until = 0, .memory = task.request}};
        StepPlan plan(parts);
        const double x = task.input / 1e9;
        for (std::size_t part = 0; part < parts; ++part) {
            plan[part] = {.until = 0.85 * found->second.ends.fit(part).at(x),
                          .memory = std::max(least, 1.1 * found->second.peaks.fit(part).at(x))};
            if (part > 0) plan[part].memory = std::max(plan[part].memory, plan[part - 1].memory);
        }
        for (std::size_t part = parts - 1; part > 0; --part)
            plan[part - 1].until = std::min(plan[part - 1].until, plan[part].until);
        return plan;
    }
    StepPlan retry(const SeriesTask&, const StepPlan& failed, std::size_t sample, int) override {
        StepPlan next = failed;
        const std::size_t step = step_at(next, sample);
        if (step + 1 == next.size()) {
            next.back().memory *= 1.2;
            return next;
        }
        const double sooner = static_cast<double>(sample) / next[step].until;
        for (std::size_t later = step; later < next.size(); ++later)
            next[later].until = std::floor(next[later].until * sooner);
        return next;
    }

private:
    struct Kind {
        Lines ends, peaks;
    };
    /// Of the running maximum; neighbours that add the least area become one until four are left.
    static StepPlan steps_of(const std::vector<double>& memory) {
        StepPlan steps;
        for (std::size_t at = 0; at < memory.size(); ++at) {
            if (steps.empty() || memory[at] > steps.back().memory) steps.push_back({.until = 0, .memory = memory[at]});
            steps.back().until = static_cast<double>(at + 1);
        }
        const auto added = [&](std::size_t left) {
            const double from = left == 0 ? 0 : steps[left - 1].until;
            return (steps[left + 1].memory - steps[left].memory) * (steps[left].until - from);
        };
        while (steps.size() > parts) {
            std::size_t cheapest = 0;
            for (std::size_t at = 1; at + 1 < steps.size(); ++at)
                if (added(at) < added(cheapest)) cheapest = at;
            steps.erase(steps.begin() + static_cast<std::ptrdiff_t>(cheapest));
        }
        while (steps.size() < parts) steps.push_back({.until = steps.back().until + 10, .memory = steps.back().memory});
        return steps;
    }
    std::map<std::string, Kind> kinds_;
};

}  // namespace

std::unique_ptr<CurveMethod> make_k_segments() { return std::make_unique<KSegments>(); }
std::unique_ptr<CurveMethod> make_ks_plus() { return std::make_unique<KsPlus>(); }

}  // namespace plimsoll::benches
