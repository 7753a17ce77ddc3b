// SPDX-License-Identifier: Apache-2.0
// The rivals that fit a line over the input: Witt's and Ponder.
#include <algorithm>
#include <cmath>

#include "benches/sizing/rivals.h"

namespace plimsoll::benches {
namespace {

constexpr double mib = 1 << 20;

std::vector<double> residuals(const Fit& fit, const Seen& seen) {
    std::vector<double> residuals;
    for (std::size_t at = 0; at < seen.size(); ++at) residuals.push_back(seen.y[at] - fit.at(seen.x[at]));
    return residuals;
}

/// Witt et al. 2019, "Learning low-wastage memory allocations for scientific workflows at IceCube" (LR mean+-, max).
class Witt final : public Rules {
public:
    explicit Witt(Offset offset) : offset_(offset) {}
    std::optional<double> first(const TraceTask& task, const Seen& seen) override {
        if (seen.size() < 2) return std::nullopt;
        const Fit fit = least_squares(seen.x, seen.y);
        double squares = 0, largest = 0;
        for (const double residual : residuals(fit, seen)) {
            squares += residual * residual;
            largest = std::max(largest, residual);
        }
        const double deviation = std::sqrt(squares / static_cast<double>(std::max<std::size_t>(1, seen.size() - 1)));
        const double said = fit.at(task.input / 1e9) + (offset_ == Offset::largest ? largest : deviation);
        return said > 0 ? said : seen.largest();
    }
    double retry(const TraceTask&, const Seen& seen, double allotted, int) override {
        return allotted > 0 || seen.size() == 0 ? 2 * allotted : seen.largest();
    }

private:
    Offset offset_;
};

double pearson(const Seen& seen) {
    const auto n = static_cast<double>(seen.size());
    double mx = 0, my = 0, xx = 0, yy = 0, xy = 0;
    for (std::size_t at = 0; at < seen.size(); ++at) mx += seen.x[at] / n, my += seen.y[at] / n;
    for (std::size_t at = 0; at < seen.size(); ++at) {
        const double dx = seen.x[at] - mx, dy = seen.y[at] - my;
        xx += dx * dx, yy += dy * dy, xy += dx * dy;
    }
    return xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) : 0;
}

/// Lehmann et al. 2024, "Ponder: online prediction of task memory requirements for scientific workflows".
class Ponder final : public Rules {
public:
    std::optional<double> first(const TraceTask& task, const Seen& seen) override {
        const double x = task.input / 1e9;
        if (seen.size() < 5) {
            if (std::any_of(seen.x.begin(), seen.x.end(), [x](double other) { return other > x; }))
                return seen.largest() + 128 * mib;
            return task.request;
        }
        if (!(pearson(seen) > 0.3)) return std::min(seen.largest() + 128 * mib, task.request);
        const Fit fit = asymmetric(seen);
        double said = fit.at(x);
        const double largest_x = *std::max_element(seen.x.begin(), seen.x.end());
        if (said < seen.smallest()) said = seen.smallest();
        else if ((said > seen.largest() && x < largest_x) || (x >= largest_x && said < seen.largest()))
            said = seen.largest();
        said += std::max(128 * mib, 2 * deviation(fit, seen, x));
        return std::min(said, task.request);
    }
    double retry(const TraceTask& task, const Seen&, double allotted, int) override {
        return task.request > allotted ? task.request : 2 * allotted;
    }

private:
    /// Least squares in which an over-prediction weighs a fiftieth of an under-prediction.
    static Fit asymmetric(const Seen& seen) {
        Fit fit = least_squares(seen.x, seen.y);
        for (int round = 0; round < 200; ++round) {
            std::vector<double> weights;
            for (const double residual : residuals(fit, seen)) weights.push_back(residual > 0 ? 1 : 0.02);
            const Fit next = least_squares(seen.x, seen.y, weights);
            const double moved = std::abs(next.slope - fit.slope) + std::abs(next.intercept - fit.intercept);
            const double size = std::abs(fit.slope) + std::abs(fit.intercept);
            fit = next;
            if (moved <= 1e-9 * std::max(1.0, size)) break;
        }
        return fit;
    }
    /// Of the residuals, those near x counting more.
    static double deviation(const Fit& fit, const Seen& seen, double x) {
        double farthest = 0;
        for (const double other : seen.x) farthest = std::max(farthest, std::abs(other - x));
        const auto n = static_cast<double>(seen.size());
        const std::vector<double> rest = residuals(fit, seen);
        double v1 = 0, v2 = 0, mean = 0, sum = 0;
        std::vector<double> weights;
        for (const double other : seen.x)
            weights.push_back((farthest > 0 ? 1 - std::abs(other - x) / farthest : 1) +
                              std::max(1 - n / 10, 0.0) / 100);
        for (std::size_t at = 0; at < rest.size(); ++at)
            v1 += weights[at], v2 += weights[at] * weights[at], mean += weights[at] * rest[at];
        if (v1 <= 0) return 0;
        mean /= v1;
        for (std::size_t at = 0; at < rest.size(); ++at) sum += weights[at] * (rest[at] - mean) * (rest[at] - mean);
        const double freedom = v1 - v2 / v1;
        return freedom > 0 ? std::sqrt(sum / freedom) : 0;
    }
};

}  // namespace

Fit least_squares(const std::vector<double>& x, const std::vector<double>& y, const std::vector<double>& weights) {
    double total = 0, mean_x = 0, mean_y = 0, xx = 0, xy = 0;
    const auto weight = [&](std::size_t at) { return weights.empty() ? 1.0 : weights[at]; };
    for (std::size_t at = 0; at < x.size(); ++at)
        total += weight(at), mean_x += weight(at) * x[at], mean_y += weight(at) * y[at];
    mean_x /= total, mean_y /= total;
    for (std::size_t at = 0; at < x.size(); ++at) {
        xx += weight(at) * (x[at] - mean_x) * (x[at] - mean_x);
        xy += weight(at) * (x[at] - mean_x) * (y[at] - mean_y);
    }
    const double slope = xx > 0 ? xy / xx : 0;
    return {.intercept = mean_y - slope * mean_x, .slope = slope};
}

std::unique_ptr<Rules> make_witt(Offset offset) { return std::make_unique<Witt>(offset); }
std::unique_ptr<Rules> make_ponder() { return std::make_unique<Ponder>(); }

}  // namespace plimsoll::benches
