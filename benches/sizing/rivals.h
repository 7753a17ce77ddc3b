// SPDX-License-Identifier: Apache-2.0
// The rivals: methods as others published them, each kind with a model of its own. README.md names the papers.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "benches/sizing/method.h"

namespace plimsoll::benches {

/// What a rival has seen of one kind, in the order in which it finished.
struct Seen {
    std::vector<double> x, y, runtime_s;  ///< input in bytes / 1e9, peak in bytes
    std::size_t size() const { return y.size(); }
    double largest() const;
    double smallest() const;
};

/// One rival's rules for one kind. `seen` is never empty in `first`.
class Rules {
public:
    virtual ~Rules() = default;
    virtual void learn(const TraceTask&, const Seen&) {}
    virtual std::optional<double> first(const TraceTask& task, const Seen& seen) = 0;
    virtual double retry(const TraceTask&, const Seen&, double allotted, int failed);  ///< doubling
};

/// Ordinary least squares of y on x; slope 0 where the x do not vary.
struct Fit {
    double intercept = 0, slope = 0;
    double at(double x) const { return intercept + slope * x; }
};
Fit least_squares(const std::vector<double>& x, const std::vector<double>& y, const std::vector<double>& weights = {});

enum class Offset { deviation, largest };              ///< of Witt's residuals
enum class Fallback { doubling, node, request };       ///< after the largest seen, of Tovar's
std::unique_ptr<Rules> make_percentile(double share);  ///< linearly interpolated
std::unique_ptr<Rules> make_largest(double factor, double retry_factor);
std::unique_ptr<Rules> make_witt(Offset offset);
std::unique_ptr<Rules> make_tovar(Fallback fallback, double node);
std::unique_ptr<Rules> make_ponder();
std::unique_ptr<Rules> make_vpa();
std::unique_ptr<Rules> make_autopilot();
std::unique_ptr<Rules> make_sizey(double efficiency);  ///< its weight against accuracy
std::unique_ptr<Rules> make_replayed_cost(double time_to_failure);
/// The static choice of replayed cost in T: the same on leave-one-out words.
std::unique_ptr<Rules> make_replayed_cost_left_out(double time_to_failure);

}  // namespace plimsoll::benches
