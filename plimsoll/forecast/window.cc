// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/window.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "plimsoll/base/check.h"

namespace plimsoll::forecast {

std::optional<Instance> Window::add(const Instance& instance) {
    std::optional<Instance> gone;
    if (instances_.size() == most_) {
        gone = instances_.front();
        instances_.pop_front();
        ys_.erase(std::lower_bound(ys_.begin(), ys_.end(), gone->y));
    }
    instances_.push_back(instance);
    ys_.insert(std::upper_bound(ys_.begin(), ys_.end(), instance.y), instance.y);
    fit();
    return gone;
}

// Sums afresh each time: 400 instances take less than a microsecond, and running sums drift.
void Window::fit() {
    const auto count = static_cast<double>(instances_.size());
    double x_sum = 0, y_sum = 0;
    runtime_sum_s_ = 0;
    for (const Instance& instance : instances_) {
        x_sum += instance.x;
        y_sum += instance.y;
        runtime_sum_s_ += instance.runtime_s;
    }
    line_ = {.mean_x = x_sum / count, .mean_y = y_sum / count, .slope = 0};
    double xx = 0, xy = 0;
    for (const Instance& instance : instances_) {
        const double dx = instance.x - line_.mean_x;
        xx += dx * dx;
        xy += dx * (instance.y - line_.mean_y);
    }
    // Equal xs may leave the rounding of their mean behind: relative 1e-12 of a spread is no spread.
    if (xx > 1e-24 * line_.mean_x * line_.mean_x * count) line_.slope = xy / xx;
}

bool Window::spans(double x) const {
    const auto [smallest, largest] = std::minmax_element(
        instances_.begin(), instances_.end(), [](const Instance& a, const Instance& b) { return a.x < b.x; });
    return smallest->x <= 2 * x && x <= 2 * largest->x;
}

double Window::mean_runtime_s() const { return runtime_sum_s_ / static_cast<double>(instances_.size()); }

double Window::median() const {
    const std::size_t middle = ys_.size() / 2;
    return ys_.size() % 2 == 1 ? ys_[middle] : (ys_[middle - 1] + ys_[middle]) / 2;
}

double Window::largest_of_nearest(double x, std::size_t count) const {
    constexpr std::size_t most = 8;
    PLIM_CHECK(count >= 1 && count <= most, "the nearest are few");
    struct Near {
        double distance = std::numeric_limits<double>::infinity(), y = 0;
    };
    std::array<Near, most> nearest{};
    for (const Instance& instance : instances_) {
        Near near{std::abs(instance.x - x), instance.y};
        if (near.distance >= nearest[count - 1].distance) continue;
        nearest[count - 1] = near;
        for (std::size_t at = count - 1; at > 0 && nearest[at].distance < nearest[at - 1].distance; --at)
            std::swap(nearest[at], nearest[at - 1]);
    }
    double largest = 0;
    for (std::size_t at = 0; at < count; ++at) largest = std::max(largest, nearest[at].y);
    return largest;
}

std::optional<double> Window::largest_at(double x) const {
    std::optional<double> largest;
    for (const Instance& instance : instances_)
        if (instance.x == x) largest = std::max(largest.value_or(instance.y), instance.y);
    return largest;
}

}  // namespace plimsoll::forecast
