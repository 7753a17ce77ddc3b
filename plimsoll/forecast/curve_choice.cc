// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/curve_choice.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <optional>
#include <type_traits>

namespace plimsoll::forecast {
namespace {

constexpr double widths[] = {0.02, 0.05, 0.1};
constexpr std::array shares_above = {0.0, 0.02, 0.04, 0.06, 0.08, 0.1, 0.13, 0.16, 0.2, 0.25, 0.3, 0.5, 0.7, 0.9, 0.97};
constexpr double first_room = 0.02;
constexpr double rooms[] = {0, 0.02, 0.05, 0.1, 0.2};
constexpr double steps[] = {0.02, 0.05, 0.1, 0.15, 0.25, 0.5};
constexpr double patiences[] = {0.05, 0.1, 0.25};
constexpr GrowthRule first_growth{.step = 0.15, .patience = 0.1};
constexpr bool either[] = {true, false};
// Few runs agree by chance: one more of them may be off by as much as several together.
constexpr double unseen_width = 0.3, unseen_room = 0.1;  ///< shares, divided among the runs
constexpr float near_peak = 0.95F;                       ///< what the peak is to be held for

std::array<double, std::size(rooms)> rooms_for(double runs) {
    std::array<double, std::size(rooms)> wider;
    std::transform(std::begin(rooms), std::end(rooms), wider.begin(),
                   [&](double room) { return room + unseen_room / runs; });
    return wider;
}

/// The runs on one axis, and what candidates cost them.
class Replay {
public:
    Replay(std::span<const LaidRun> runs, bool is_relative, const Overrun& overrun)
        : runs_(runs), overrun_(overrun), best_{.is_relative = is_relative} {}

    double cost() const { return cost_; }
    const CurveChoice& best() const { return best_; }

    void choose() {
        const bool grows = overrun_.growth_s.has_value();
        best_.growth = first_growth;
        best_.margins.room = first_room + unseen_room / runs();
        choose_boundaries();
        for (int sweep = 0; sweep < 2; ++sweep) {
            if (grows) choose_growth(cost_);
            choose_one(best_.margins.room, rooms_for(runs()), cost_, grows);
            choose_one(best_.margins.by_amount, either, cost_, grows);
        }
        if (grows) return;
        // What should not be outgrown may be all the same, where more is to be had.
        double cost = cost_of(*laid_, best_, true);
        choose_growth(cost);
    }

private:
    /// Byte-seconds, if what needs more is killed or grown.
    double cost_of(const LaidRuns& laid, const CurveChoice& choice, bool is_grown) const {
        const LaidRuns::Pair pair = laid.around(choice.margins.above);
        double sum = 0;
        for (std::size_t at = 0; at < runs_.size(); ++at) {
            const LaidRun& run = runs_[at];
            const Cells plan = held_by_curve(laid.below_without(at, pair), choice.margins, run.peak, overrun_);
            sum += run.peak *
                   (is_grown ? cost_if_grown(run, plan, choice.growth, overrun_) : cost_if_killed(run, plan, overrun_));
        }
        return sum;
    }

    void choose_boundaries() {
        double cheapest = std::numeric_limits<double>::infinity();
        for (const double width : widths) {
            const LaidRuns laid(runs_, width);
            CurveChoice choice = best_;
            choice.margins.widened = width + unseen_width / runs();
            std::array<double, shares_above.size()> costs{};
            for (std::size_t at = 0; at < costs.size(); ++at) {
                choice.margins.above = shares_above[at];
                costs[at] = cost_of(laid, choice, overrun_.growth_s.has_value());
            }
            for (std::size_t at = 0; at < costs.size(); ++at) {
                const std::size_t before = at == 0 ? at : at - 1, after = at + 1 == costs.size() ? at : at + 1;
                const double cost = (costs[before] + 2 * costs[at] + costs[after]) / 4;
                if (cost >= cheapest) continue;
                cheapest = cost;
                choice.margins.above = shares_above[at];
                best_ = choice;
            }
        }
        laid_.emplace(runs_, best_.margins.widened);
        cost_ = cost_of(*laid_, best_, overrun_.growth_s.has_value());
    }

    template <class Value>
    void choose_one(Value& value, std::span<const std::type_identity_t<Value>> others, double& cost, bool is_grown) {
        Value cheapest = value;
        for (const Value other : others) {
            value = other;
            const double cost_of_other = cost_of(*laid_, best_, is_grown);
            if (cost_of_other >= cost) continue;
            cost = cost_of_other;
            cheapest = other;
        }
        value = cheapest;
    }

    void choose_growth(double& cost) {
        choose_one(best_.growth.step, steps, cost, true);
        choose_one(best_.growth.patience, patiences, cost, true);
    }

    double runs() const { return static_cast<double>(runs_.size()); }

    std::span<const LaidRun> runs_;
    const Overrun& overrun_;
    CurveChoice best_;
    std::optional<LaidRuns> laid_;  ///< as the best has them
    double cost_ = 0;
};

}  // namespace

Cells held_by_curve(const Levels& levels, const CurveMargins& margins, double peak, const Overrun& overrun) {
    Cells held = levels.shares;
    const auto room = static_cast<float>(1 + margins.room), per_byte = static_cast<float>(1 / peak);
    if (margins.by_amount)
        for (std::size_t at = 0; at < curve_cells; ++at) held[at] = std::min(held[at], per_byte * levels.bytes[at]);
    for (float& share : held) share = std::min(1.0F, room * share);
    if (overrun.growth_s) return held;
    const float high = near_peak * *std::max_element(held.begin(), held.end());
    for (float& share : held) share = share < high ? share : 1;
    return held;
}

CurveChoice cheapest_curve(std::span<const LaidRun> relative, std::span<const LaidRun> absolute,
                           const Overrun& overrun) {
    Replay by_share(relative, true, overrun), by_seconds(absolute, false, overrun);
    by_share.choose();
    by_seconds.choose();
    return by_share.cost() <= by_seconds.cost() ? by_share.best() : by_seconds.best();
}

}  // namespace plimsoll::forecast
