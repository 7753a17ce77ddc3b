// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/window.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "plimsoll/base/check.h"

namespace plimsoll::forecast {
namespace {

constexpr double input_least = 1e6;
constexpr double usual_exponent = 0.6;  ///< of memory over input, where it cannot be told yet ...
constexpr double spread_weight = 0.5;   ///< ... as strong as a spread of the logarithms of that much
constexpr double exponent_most = 1.2;
constexpr double local_width = 0.15;       ///< inputs this far apart in the logarithm weigh half
constexpr double local_remembered = 0.97;  ///< of the weight, from one instance to the next

}  // namespace

double log_input(double x) { return std::log(std::max(x, input_least)); }

double Power::at(double x, double factor_beyond) const {
    const double most = std::log(factor_beyond);
    const double log_x = std::clamp(log_input(x), smallest_log_x - most, largest_log_x + most);
    return std::exp(mean_log_y + exponent * (log_x - mean_log_x));
}

std::optional<Instance> Window::add(const Instance& instance) {
    std::optional<Instance> gone;
    if (instances_.size() == most_) {
        gone = instances_.front();
        instances_.pop_front();
        ys_.erase(std::lower_bound(ys_.begin(), ys_.end(), gone->y));
    }
    instances_.push_back(instance);
    instances_.back().log_x = log_input(instance.x);
    instances_.back().log_y = std::log(std::max(instance.y, 1e-9));
    ys_.insert(std::upper_bound(ys_.begin(), ys_.end(), instance.y), instance.y);
    runtime_sum_s_ = 0;
    for (const Instance& one : instances_) runtime_sum_s_ += one.runtime_s;
    line_ = fitted_line(instances_);
    fit_power();
    return gone;
}

void Window::fit_power() {
    const auto count = static_cast<double>(instances_.size());
    Power fitted{.mean_log_x = 0,
                 .mean_log_y = 0,
                 .exponent = 0,
                 .smallest_log_x = instances_.front().log_x,
                 .largest_log_x = instances_.front().log_x};
    for (const Instance& instance : instances_) {
        fitted.mean_log_x += instance.log_x;
        fitted.mean_log_y += instance.log_y;
        fitted.smallest_log_x = std::min(fitted.smallest_log_x, instance.log_x);
        fitted.largest_log_x = std::max(fitted.largest_log_x, instance.log_x);
    }
    fitted.mean_log_x /= count;
    fitted.mean_log_y /= count;
    double xx = spread_weight, xy = spread_weight * usual_exponent;
    for (const Instance& instance : instances_) {
        const double dx = instance.log_x - fitted.mean_log_x;
        xx += dx * dx;
        xy += dx * (instance.log_y - fitted.mean_log_y);
    }
    fitted.exponent = std::clamp(xy / xx, 0.0, exponent_most);
    power_ = fitted;
}

bool Window::spans(double x) const {
    const auto [smallest, largest] = std::minmax_element(
        instances_.begin(), instances_.end(), [](const Instance& a, const Instance& b) { return a.x < b.x; });
    return smallest->x <= 2 * x && x <= 2 * largest->x;
}

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
    const double log_x = log_input(x);
    for (const Instance& instance : instances_) {
        Near near{std::abs(instance.log_x - log_x), instance.y};
        if (near.distance >= nearest[count - 1].distance) continue;
        nearest[count - 1] = near;
        for (std::size_t at = count - 1; at > 0 && nearest[at].distance < nearest[at - 1].distance; --at)
            std::swap(nearest[at], nearest[at - 1]);
    }
    double largest = 0;
    for (std::size_t at = 0; at < count; ++at) largest = std::max(largest, nearest[at].y);
    return largest;
}

double Window::local(double x) const {
    const double log_x = log_input(x);
    double weights = 0, log_y = 0, age = 1;
    for (auto instance = instances_.rbegin(); instance != instances_.rend(); ++instance, age *= local_remembered) {
        const double apart = (instance->log_x - log_x) / local_width, squared = apart * apart;
        const double weight = age / (1 + squared * squared);
        weights += weight;
        log_y += weight * instance->log_y;
    }
    return std::exp(log_y / weights);
}

std::optional<double> Window::largest_at(double x) const {
    std::optional<double> largest;
    for (const Instance& instance : instances_)
        if (instance.x == x) largest = std::max(largest.value_or(instance.y), instance.y);
    return largest;
}

}  // namespace plimsoll::forecast
