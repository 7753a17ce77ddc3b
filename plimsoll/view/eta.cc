// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/view/eta.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "plimsoll/base/text.h"

namespace plimsoll::view {
namespace {

constexpr double z95 = 1.645;
constexpr double z90 = 1.282;
constexpr double least_spread = 0.02, largest_spread = 1.2;  // of the logarithm
// Of one that is late: it takes about so much more of what it has had.
constexpr double late_share = 0.15;
constexpr std::size_t steps_named = 3;

/// A sum of independent amounts.
struct Sum {
    double mean = 0, variance = 0;
    void add(const Runtime& runtime, double times = 1) {
        mean += runtime.mean * times;
        variance += runtime.deviation * runtime.deviation * times * times;
    }
    void add(const Sum& other) { mean += other.mean, variance += other.variance; }
    double low() const { return std::max(0.0, mean - z90 * std::sqrt(variance)); }
    double high() const { return mean + z90 * std::sqrt(variance); }
};

/// All that a step has still to do, as a share of the machine. The mean of its tasks is itself known from a few
/// samples only, and that error is the same for all of them.
Sum work_of(const StepWork& step) {
    Sum work;
    const double share = 1 / step.side_by_side;
    for (const Runtime& left : step.running) work.add(left, share);
    if (!step.runtime) return work;
    const auto open = static_cast<double>(step.open);
    const double variance = step.runtime->deviation * step.runtime->deviation;
    const double of_mean = step.samples > 0 ? open * open * variance / step.samples : 0;
    work.mean += open * step.runtime->mean * share;
    work.variance += (open * variance + of_mean) * share * share;
    return work;
}

/// One task of each step, one after the other.
struct Chain {
    Sum length;    ///< all of their time
    Sum leftover;  ///< what of the machine they leave idle, were they alone
};

Chain link_of(const StepWork& step) {
    Chain link;
    Runtime one;
    for (const Runtime& left : step.running)
        if (left.mean > one.mean) one = left;
    if (step.open > 0 && step.runtime && step.runtime->mean > one.mean) one = *step.runtime;
    link.length.add(one);
    link.leftover.add(one, 1 - 1 / step.side_by_side);
    return link;
}

const Chain* longest(std::span<const std::size_t> places, std::span<const Chain> chains) {
    const Chain* found = nullptr;
    for (const std::size_t at : places)
        if (at < chains.size() && (!found || chains[at].length.mean > found->length.mean)) found = &chains[at];
    return found;
}

bool is_unknown(const StepWork& step) { return step.runs_unknown || (step.open > 0 && !step.runtime); }

std::string unknown_of(std::span<const StepWork> steps) {
    std::vector<std::string> names;
    std::size_t more = 0;
    for (const StepWork& step : steps) {
        if (!is_unknown(step)) continue;
        if (names.size() < steps_named) names.push_back(step.step);
        else ++more;
    }
    if (names.empty()) return {};
    std::string told = join(names, ", ");
    if (more > 0) told += fmt::format(" and {} more", more);
    return "no past run tells how long " + told + (names.size() + more == 1 ? " takes" : " take");
}

}  // namespace

std::optional<Runtime> runtime_of(const Forecast& forecast) {
    const bool is_known = forecast.source == Provenance::kind;
    const Estimate& told = forecast.runtime;
    if (!is_known || told.p50 <= 0) return std::nullopt;
    const double spread =
        std::clamp(std::log(std::max(1.0, told.bound / told.p50)) / z95, least_spread, largest_spread);
    const double square = spread * spread;
    const double mean = told.p50 * std::exp(square / 2);
    return Runtime{mean, mean * std::sqrt(std::exp(square) - 1)};
}

Runtime left_of(const Runtime& runtime, double lived_s) {
    const double left = std::max(runtime.mean - lived_s, 0.0);
    const double late = late_share * std::max(lived_s, runtime.mean);
    if (left >= late) return {left, runtime.deviation};
    return {std::max(left, lived_s > runtime.mean ? late : left), std::max(runtime.deviation, late)};
}

Eta time_left(std::span<const StepWork> steps) {
    Sum work;
    Chain critical;
    std::vector<Chain> chains;
    for (const StepWork& step : steps) {
        work.add(work_of(step));
        Chain chain = link_of(step);
        if (const Chain* before = longest(step.needs, chains)) {
            chain.length.add(before->length);
            chain.leftover.add(before->leftover);
        }
        if (chain.length.mean > critical.length.mean) critical = chain;
        chains.push_back(chain);
    }
    Sum most = work;
    most.add(critical.leftover);
    Eta eta{
        .least = from_seconds(std::max(work.low(), critical.length.low())), .most = {}, .unknown = unknown_of(steps)};
    if (eta.unknown.empty())
        eta.most = std::max(*eta.least, from_seconds(std::max(most.high(), critical.length.high())));
    return eta;
}

}  // namespace plimsoll::view
