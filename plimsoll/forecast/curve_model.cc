// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/curve_model.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <span>

namespace plimsoll::forecast {
namespace {

constexpr std::size_t runs_most = 64;    ///< how a kind goes changes seldom
constexpr double shortest_shaped_s = 1;  ///< nothing is to be had by lending memory for less
constexpr double saving_least = 0.001;   ///< of peak x runtime: what a part saves at least
// A choice costs some thousand times what reading it does: it is made again when there are half as many runs more, or
// so many; of very few runs each counts.
constexpr std::size_t few_runs = 8, most_between = 64;

/// Parts of a curve that become fewer, in room for as many as there may be.
class Merging {
public:
    /// To the right of those that are there. What costs no area becomes one at once, from the left.
    void add(const CurvePart& part) {
        parts_[count_++] = part;
        while (count_ > 1 && area_between(count_ - 2) == 0) join(count_ - 2);
    }

    /// Neighbours with the least area between them become one, at the larger memory, until few are left and each is
    /// worth a change of limits.
    std::vector<CurvePart> fewest(std::size_t most) {
        for (std::size_t at = 0; at + 1 < count_; ++at) added_[at] = area_between(at);
        const double worth = saving_least * parts_[count_ - 1].until_s;
        while (count_ > 1) {
            const auto last = added_.begin() + static_cast<std::ptrdiff_t>(count_ - 1);
            const auto least = std::min_element(added_.begin(), last);
            if (count_ <= most && *least > worth) break;
            const auto cheapest = static_cast<std::size_t>(least - added_.begin());
            std::copy(least + 1, last, least);
            join(cheapest);
            if (cheapest > 0) added_[cheapest - 1] = area_between(cheapest - 1);
            if (cheapest + 1 < count_) added_[cheapest] = area_between(cheapest);
        }
        return {parts_.begin(), parts_.begin() + static_cast<std::ptrdiff_t>(count_)};
    }

private:
    double length(std::size_t at) const { return parts_[at].until_s - (at == 0 ? 0 : parts_[at - 1].until_s); }

    /// What is held more if that part and the one to its right become one.
    double area_between(std::size_t left) const {
        const double rise = parts_[left + 1].memory - parts_[left].memory;
        return rise > 0 ? rise * length(left) : -rise * length(left + 1);
    }

    void join(std::size_t at) {
        CurvePart& left = parts_[at];
        const CurvePart& right = parts_[at + 1];
        const double before = length(at), after = length(at + 1);
        left = {.until_s = right.until_s,
                .memory = std::max(left.memory, right.memory),
                .cores = (left.cores * before + right.cores * after) / (before + after)};
        const auto next = parts_.begin() + static_cast<std::ptrdiff_t>(at) + 1;
        std::copy(next + 1, parts_.begin() + static_cast<std::ptrdiff_t>(count_), next);
        --count_;
    }

    std::array<CurvePart, curve_cells + 1> parts_;
    std::array<double, curve_cells> added_;  ///< by each and its right neighbour becoming one
    std::size_t count_ = 0;
};

}  // namespace

void CurveModel::learn(double x, const Profile& profile, const QuantityModel& runtime, Choosing when) {
    const std::optional<CurveRun> run = curve_run(x, profile);
    if (!run) return;
    runs_.push_back(kept(*run));
    if (runs_.size() > runs_most) runs_.pop_front();
    ++learnt_;
    if (when == Choosing::when_due) choose_if_due(runtime);
}

void CurveModel::choose_if_due(const QuantityModel& runtime) {
    take_retrained();
    if (is_due()) retrain(runtime, asked_for_);
}

bool CurveModel::is_due() const {
    if (!chosen_) return runs_.size() >= least_runs;
    const std::size_t between = chosen_->learnt < few_runs ? 1 : std::min(chosen_->learnt / 2, most_between);
    return learnt_ - chosen_->learnt >= between;
}

void CurveModel::retrain(const QuantityModel& runtime, const Overrun& overrun) const {
    if (retrained_.valid()) return;
    CurveMaterial material{
        .runs = {runs_.begin(), runs_.end()}, .expected_s = {}, .learnt = learnt_, .overrun = overrun};
    for (const KeptRun& run : runs_) material.expected_s.push_back(runtime.estimate(run.x).p50);
    if (chosen_ && chosen_->overrun == overrun) material.before = chosen_->choice;
    const auto promise = std::make_shared<std::promise<ChosenCurve>>();
    retrained_ = promise->get_future();
    background_->run([promise, material = std::move(material)] { promise->set_value(choose_curve(material)); });
    take_retrained();
}

void CurveModel::take_retrained() const {
    if (retrained_.valid() && retrained_.wait_for(std::chrono::seconds(0)) == std::future_status::ready)
        chosen_ = retrained_.get();
}

TaskCurve CurveModel::curve(const QuantityModel& runtime, const Task& task, const Overrun& overrun) const {
    const double expected_s = task.expected_s;
    if (runs_.size() < least_runs || expected_s < shortest_shaped_s || task.peak <= 0) return {};
    asked_for_ = overrun;
    take_retrained();
    if (!chosen_ || chosen_->overrun != overrun) retrain(runtime, overrun);
    if (!chosen_ || chosen_->overrun != overrun) return {};
    const CurveChoice& choice = chosen_->choice;
    const InputWindows windows{.runs = chosen_->inputs.size(), .parts = choice.parts};
    const Levels& levels = chosen_->levels[windows.window_at(position_among(chosen_->inputs, task.x))];
    const Cells held = held_by_curve(levels, choice.margins, task.peak);
    const double cell_s = (choice.is_relative ? expected_s : chosen_->axis_s) / curve_cells;
    Merging parts;
    double until_s = 0;
    for (std::size_t at = 0; at < curve_cells && (at == 0 || until_s < expected_s); ++at) {
        until_s = std::min(expected_s, cell_s * static_cast<double>(at + 1));
        parts.add({.until_s = until_s, .memory = held[at], .cores = chosen_->cores[at]});
    }
    // What comes after the longest run is not known.
    if (until_s < expected_s) parts.add({.until_s = expected_s, .memory = 1, .cores = chosen_->cores[curve_cells - 1]});
    return {.parts = parts.fewest(most_parts), .growth = choice.growth};
}

}  // namespace plimsoll::forecast
