// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/curve_choice.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <type_traits>
#include <vector>

namespace plimsoll::forecast {
namespace {

constexpr double first_width = 0.02;
constexpr double other_widths[] = {0, 0.05, 0.1};
// More than three in ten killed pay for nothing; how many are grown may be anything.
constexpr double shares_killed[] = {0, 0.02, 0.04, 0.06, 0.08, 0.1, 0.13, 0.16, 0.2, 0.25, 0.3};
constexpr double shares_grown[] = {0, 0.03, 0.06, 0.1, 0.16, 0.25, 0.4, 0.55, 0.7, 0.85, 0.97};
constexpr double first_room = 0.02;
constexpr double rooms[] = {0, 0.02, 0.05, 0.1, 0.2};
constexpr double steps[] = {0.02, 0.05, 0.1, 0.15, 0.25, 0.5};
constexpr double patiences[] = {0.05, 0.1, 0.25};
constexpr GrowthRule first_growth{.step = 0.15, .patience = 0.1};
constexpr bool either[] = {true, false};
// Few runs agree by chance: one more of them may be off by as much as several together.
constexpr double unseen_width = 0.3, unseen_room = 0.1;  ///< shares, divided among the runs
constexpr std::size_t least_in_window = 8;               ///< fewer tell no share from another
constexpr double none = std::numeric_limits<double>::infinity();
constexpr double most_killed = 0.3;  ///< a curve that kills more may be cheap and is no forecast
constexpr float near_peak = 0.95F;   ///< what the peak is to be held for

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
        : runs_(runs), overrun_(overrun), grows_(overrun.growth_s), best_{.is_relative = is_relative} {
        best_.growth = first_growth;
        best_.margins.above = 0;
        best_.margins.widened = first_width + unseen_width / count();
        best_.margins.room = first_room + unseen_room / count();
    }

    double cost() const { return cost_; }
    const CurveChoice& best() const { return best_; }

    /// How the runs are laid and how many of them may be above, with one width.
    void begin() { choose_share(best_); }

    void go_on() {
        choose_boundaries();
        for (int sweep = 0; sweep < 2; ++sweep) {
            if (grows_) choose_growth(cost_);
            choose_one(best_.margins.room, rooms_for(count()), cost_, grows_);
            choose_one(best_.margins.by_amount, either, cost_, grows_);
        }
        if (grows_) return;
        // What should not be outgrown may be all the same, where more is to be had.
        double cost = cost_of(best_, true);
        choose_growth(cost);
    }

private:
    void lay_again(std::size_t parts, double widened) {
        laid_.clear();
        const InputWindows windows{.runs = runs_.size(), .parts = parts};
        for (std::size_t window = 0; window < windows.count(); ++window)
            laid_.emplace_back(runs_.subspan(windows.begin(window), windows.end(window) - windows.begin(window)),
                               widened);
    }

    /// Byte-seconds, if what needs more is killed or grown; `none` of what is not to be taken.
    double cost_of(const CurveChoice& choice, bool is_grown) const {
        const InputWindows windows{.runs = runs_.size(), .parts = choice.parts};
        std::vector<LaidRuns::Pair> around;
        for (const LaidRuns& laid : laid_) around.push_back(laid.around(choice.margins.above));
        double sum = 0, killed = 0;
        for (std::size_t at = 0; at < runs_.size(); ++at) {
            const LaidRun& run = runs_[at];
            const std::size_t window = windows.window_at((static_cast<double>(at) + 0.5) / count());
            const Levels others = laid_[window].below_without(at - windows.begin(window), around[window]);
            const Cells plan = held_by_curve(others, choice.margins, run.peak);
            if (is_grown) {
                sum += run.peak * cost_if_grown(run, plan, choice.growth, overrun_);
                continue;
            }
            const KilledCost cost = cost_if_killed(run, plan, overrun_);
            sum += run.peak * cost.wasted;
            killed += cost.is_killed ? 1 : 0;
        }
        return killed > most_killed * count() ? none : sum;
    }

    void choose_boundaries() {
        CurveChoice choice = best_;
        for (const double width : other_widths) {
            choice.margins.widened = width + unseen_width / count();
            choose_share(choice);
        }
        choice = best_;
        for (const std::size_t parts : {2, 4}) {
            choice.parts = parts;
            if (runs_.size() >= parts * least_in_window) choose_share(choice);
        }
        lay_again(best_.parts, best_.margins.widened);
        cost_ = cost_of(best_, grows_);
    }

    void choose_share(CurveChoice choice) {
        lay_again(choice.parts, choice.margins.widened);
        const std::span<const double> shares = grows_ ? std::span(shares_grown) : std::span(shares_killed);
        std::vector<double> costs;
        for (const double share : shares) {
            choice.margins.above = share;
            costs.push_back(cost_of(choice, grows_));
        }
        for (std::size_t at = 0; at < costs.size(); ++at) {
            const auto beside = [&](std::size_t other) {
                return other < costs.size() && costs[other] < none ? costs[other] : costs[at];
            };
            const double cost = (beside(at - 1) + 2 * costs[at] + beside(at + 1)) / 4;
            if (cost >= cost_) continue;
            cost_ = cost;
            choice.margins.above = shares[at];
            best_ = choice;
        }
    }

    template <class Value>
    void choose_one(Value& value, std::span<const std::type_identity_t<Value>> others, double& cost, bool is_grown) {
        Value cheapest = value;
        for (const Value other : others) {
            value = other;
            const double cost_of_other = cost_of(best_, is_grown);
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

    double count() const { return static_cast<double>(runs_.size()); }

    std::span<const LaidRun> runs_;
    const Overrun& overrun_;
    bool grows_;
    CurveChoice best_;
    std::vector<LaidRuns> laid_;  ///< a window each
    double cost_ = none;
};

}  // namespace

Cells held_by_curve(const Levels& levels, const CurveMargins& margins, double peak) {
    Cells held = levels.shares;
    const auto room = static_cast<float>(1 + margins.room), per_byte = static_cast<float>(1 / peak);
    if (margins.by_amount)
        for (std::size_t at = 0; at < curve_cells; ++at) held[at] = std::min(held[at], per_byte * levels.bytes[at]);
    for (float& share : held) share = std::min(1.0F, room * share);
    const float high = near_peak * *std::max_element(held.begin(), held.end());
    for (float& share : held) share = share < high ? share : 1;
    return held;
}

CurveChoice cheapest_curve(std::span<const LaidRun> relative, std::span<const LaidRun> absolute,
                           const Overrun& overrun) {
    Replay by_share(relative, true, overrun), by_seconds(absolute, false, overrun);
    by_share.begin();
    by_seconds.begin();
    Replay& cheaper = by_share.cost() <= by_seconds.cost() ? by_share : by_seconds;
    cheaper.go_on();
    return cheaper.best();
}

}  // namespace plimsoll::forecast
