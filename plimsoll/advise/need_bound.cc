// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/advise/need_bound.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace plimsoll::advise {
namespace {

constexpr std::size_t stops_most = 400;   // as many as the models' windows hold
constexpr double after_stop = 2;          // what is tried after a limit was too little
constexpr double share_with_risk = 0.95;  // of tasks whose need has no upper end, where failures have a price

}  // namespace

NeedBound::NeedBound(double share, std::optional<double> risk)
    : share_(risk ? share_with_risk : share), risk_(risk), known_({.probability = share_, .by_input = false}) {}

void NeedBound::finished(double need, double runtime_s) {
    known_.learn(0, need);
    if (risk_) cost_.learn({.x = 0, .y = need, .runtime_s = runtime_s});
}

void NeedBound::stopped(double limit) {
    stops_.push_back(limit);
    limits_.insert(std::upper_bound(limits_.begin(), limits_.end(), limit, std::greater<>()), limit);
    if (stops_.size() > stops_most) forget_stop(stops_.front());
}

void NeedBound::forget_stop(double limit) {
    const auto at = std::find(stops_.begin(), stops_.end(), limit);
    if (at == stops_.end()) return;
    stops_.erase(at);
    limits_.erase(std::find(limits_.begin(), limits_.end(), limit));
}

std::optional<NeedBound::Bound> NeedBound::bound() const {
    Bound bound;
    if (samples() > 0) {
        const Estimate estimate = known_.estimate(0);
        bound = {.amount = estimate.bound, .promised = estimate.stated.has_value() && !risk_};
        if (risk_) bound.amount = cost_.choose(0, *risk_).bound;
    } else if (limits_.empty()) {
        return std::nullopt;
    }
    const auto all = static_cast<double>(samples() + limits_.size() + 1);
    const auto allowed = static_cast<std::size_t>((1 - share_) * all + 1e-9);
    if (allowed < limits_.size() && limits_[allowed] >= bound.amount)
        return Bound{.amount = after_stop * limits_[allowed], .promised = false};
    bound.promised &= limits_.empty() || limits_.front() < bound.amount;
    return bound;
}

}  // namespace plimsoll::advise
