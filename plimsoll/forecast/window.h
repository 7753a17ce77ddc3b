// SPDX-License-Identifier: Apache-2.0
// Window: the last instances of one kind (x: what was known before, y: what came), and what can be said
// of y without a model: median, extremes, the ys of the nearest xs, a straight line.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

#include "plimsoll/forecast/line.h"

namespace plimsoll::forecast {

struct Instance {
    double x = 0;  ///< input bytes
    double y = 0;  ///< peak in bytes, runtime in seconds ...
    double runtime_s = 0;
    double log_x = 0, log_y = 0;  ///< filled in by the window
};

/// The logarithm of an input size; below a megabyte inputs do not differ.
double log_input(double x);

/// y = e^mean_log_y (x / e^mean_log_x)^exponent
struct Power {
    double mean_log_x = 0, mean_log_y = 0, exponent = 0;
    double smallest_log_x = 0, largest_log_x = 0;
    /// Inputs beyond those seen by more than a factor count as so far beyond.
    double at(double x, double factor_beyond) const;
};

class Window {
public:
    explicit Window(std::size_t most) : most_(most) {}

    /// Takes one in; gives the one that had to go.
    std::optional<Instance> add(const Instance& instance);

    std::size_t size() const { return instances_.size(); }
    const std::deque<Instance>& instances() const { return instances_; }
    double mean_runtime_s() const { return runtime_sum_s_ / static_cast<double>(instances_.size()); }
    /// Is x between half the smallest and twice the largest x, with at least one instance?
    bool spans(double x) const;
    // Of the ys, with at least one instance:
    double median() const;
    double smallest() const { return ys_.front(); }
    double largest() const { return ys_.back(); }
    /// The largest y among the `count` instances whose x is nearest in proportion; of equally
    /// near ones the older count.
    double largest_of_nearest(double x, std::size_t count) const;
    /// A mean in logarithms over the instances of nearly this x, recent ones counting more; where there are none, the
    /// least unlike.
    double local(double x) const;
    /// The largest y of instances with this very x; nothing if there is none.
    std::optional<double> largest_at(double x) const;
    /// Ordinary least squares of y on x; slope 0 where the xs do not vary.
    const Line& line() const { return line_; }
    /// Least squares in logarithms, the exponent drawn to a usual one and within 0 and 1.2.
    const Power& power() const { return power_; }

    template <class Archive>
    void members(Archive& archive) {
        archive(instances_, ys_, runtime_sum_s_, line_, power_);
    }

private:
    void fit_power();

    std::size_t most_;
    std::deque<Instance> instances_;  ///< oldest first
    std::vector<double> ys_;          ///< sorted
    double runtime_sum_s_ = 0;
    Line line_;
    Power power_;
};

}  // namespace plimsoll::forecast
