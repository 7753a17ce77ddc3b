// SPDX-License-Identifier: Apache-2.0
// The rivals without a line: percentile, largest seen, Tovar's first allocations, and the autoscalers.
#include "benches/sizing/rivals.h"

#include <algorithm>
#include <cmath>

namespace plimsoll::benches {
namespace {

constexpr double mib = 1 << 20;

class Percentile final : public Rules {
public:
    explicit Percentile(double share) : share_(share) {}
    std::optional<double> first(const TraceTask&, const Seen& seen) override {
        std::vector<double> y = seen.y;
        std::sort(y.begin(), y.end());
        const double at = share_ * static_cast<double>(y.size() - 1);
        const auto below = static_cast<std::size_t>(at);
        const std::size_t above = std::min(below + 1, y.size() - 1);
        return y[below] + (at - static_cast<double>(below)) * (y[above] - y[below]);
    }

private:
    double share_;
};

class Largest final : public Rules {
public:
    Largest(double factor, double retry_factor) : factor_(factor), retry_factor_(retry_factor) {}
    std::optional<double> first(const TraceTask&, const Seen& seen) override { return factor_ * seen.largest(); }
    double retry(const TraceTask&, const Seen&, double allotted, int) override { return retry_factor_ * allotted; }

private:
    double factor_, retry_factor_;
};

/// Tovar et al. 2017, "A job sizing strategy for high-throughput scientific workflows": no input; the candidate
/// among the seen peaks that wastes least if the others were retried at the largest.
class Tovar final : public Rules {
public:
    Tovar(Fallback fallback, double node) : fallback_(fallback), node_(node) {}
    std::optional<double> first(const TraceTask&, const Seen& seen) override {
        std::vector<std::pair<double, double>> runs;  // (peak, runtime)
        double all_s = 0;
        for (std::size_t at = 0; at < seen.size(); ++at) {
            runs.emplace_back(std::ceil(seen.y[at]), seen.runtime_s[at]);
            all_s += seen.runtime_s[at];
        }
        std::sort(runs.begin(), runs.end());
        const double largest = runs.back().first;
        double above_s = all_s, best = largest, least = -1;
        for (std::size_t at = 0; at < runs.size();) {
            const double candidate = runs[at].first;
            for (; at < runs.size() && runs[at].first == candidate; ++at) above_s -= runs[at].second;
            const double cost = candidate * all_s + largest * std::max(0.0, above_s);
            if (least < 0 || cost <= least * (1 + 1e-12)) least = cost, best = candidate;
        }
        return best;
    }
    double retry(const TraceTask& task, const Seen& seen, double allotted, int) override {
        if (fallback_ == Fallback::doubling) return 2 * allotted;
        if (seen.size() > 0 && seen.largest() > allotted) return seen.largest();
        return fallback_ == Fallback::request && task.request > allotted ? task.request : node_;
    }

private:
    Fallback fallback_;
    double node_;
};

/// A histogram whose samples fade: the weight doubles each half-life.
class FadingPeaks {
public:
    explicit FadingPeaks(double half_life_s) : half_life_s_(half_life_s) {}
    double percentile(const std::vector<double>& peaks, const std::vector<double>& at_s, double share) const {
        std::vector<std::pair<double, double>> weighed;
        double total = 0;
        for (std::size_t at = 0; at < peaks.size(); ++at) {
            weighed.emplace_back(peaks[at], std::exp2((at_s[at] - at_s.back()) / half_life_s_));
            total += weighed.back().second;
        }
        std::sort(weighed.begin(), weighed.end());
        double sum = 0;
        for (const auto& [peak, weight] : weighed) {
            sum += weight;
            if (sum >= share * total) return peak;
        }
        return weighed.back().first;
    }

private:
    double half_life_s_;
};

/// The vertical pod autoscaler of Kubernetes 1.35.
class Vpa final : public Rules {
public:
    void learn(const TraceTask& task, const Seen&) override {
        // The upper edge of its bucket: they begin with 10 MB and grow by a twentieth.
        const double steps = task.peak <= 10e6 ? 0 : std::floor(std::log(task.peak / 10e6 * 0.05 + 1) / std::log(1.05));
        buckets_.push_back(10e6 * (std::pow(1.05, steps + 1) - 1) / 0.05);
        at_s_.push_back(task.complete_s);
    }
    std::optional<double> first(const TraceTask&, const Seen&) override {
        return std::max(250e6, 1.15 * FadingPeaks(24 * 3600).percentile(buckets_, at_s_, 0.9));
    }
    double retry(const TraceTask&, const Seen&, double allotted, int) override {
        return std::max(allotted + 100 * mib, 1.2 * allotted);
    }

private:
    std::vector<double> buckets_, at_s_;
};

/// Rzadca et al. 2020, "Autopilot: workload autoscaling at Google": the moving window.
class Autopilot final : public Rules {
public:
    void learn(const TraceTask& task, const Seen&) override { at_s_.push_back(task.complete_s); }
    std::optional<double> first(const TraceTask&, const Seen& seen) override {
        return 1.1 * std::max(FadingPeaks(48 * 3600).percentile(seen.y, at_s_, 0.98), 0.9 * seen.largest());
    }

private:
    std::vector<double> at_s_;
};

}  // namespace

double Seen::largest() const { return *std::max_element(y.begin(), y.end()); }
double Seen::smallest() const { return *std::min_element(y.begin(), y.end()); }

double Rules::retry(const TraceTask&, const Seen&, double allotted, int) { return 2 * allotted; }

std::unique_ptr<Rules> make_percentile(double share) { return std::make_unique<Percentile>(share); }
std::unique_ptr<Rules> make_largest(double factor, double retry_factor) {
    return std::make_unique<Largest>(factor, retry_factor);
}
std::unique_ptr<Rules> make_tovar(Fallback fallback, double node) { return std::make_unique<Tovar>(fallback, node); }
std::unique_ptr<Rules> make_vpa() { return std::make_unique<Vpa>(); }
std::unique_ptr<Rules> make_autopilot() { return std::make_unique<Autopilot>(); }

}  // namespace plimsoll::benches
