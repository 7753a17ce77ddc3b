// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/curve_model.h"

#include <algorithm>
#include <cmath>
#include <memory>

namespace plimsoll::forecast {
namespace {

constexpr std::size_t runs_most = 64;    ///< how a kind goes changes seldom
constexpr double shortest_shaped_s = 1;  ///< nothing is to be had by lending memory for less
constexpr double saving_least = 0.001;   ///< of peak x runtime: what a part saves at least
// A choice costs some thousand times what reading it does: it is made again when there are half as many runs more, or
// so many; of very few runs each counts.
constexpr std::size_t few_runs = 8, most_between = 64;

/// Neighbours with the least area between them become one, at the larger memory, until few are left and each is
/// worth a change of limits.
void merge(std::vector<CurvePart>& parts, std::size_t most) {
    const auto length = [&](std::size_t at) { return parts[at].until_s - (at == 0 ? 0 : parts[at - 1].until_s); };
    const auto area_between = [&](std::size_t left) {
        const double rise = parts[left + 1].memory - parts[left].memory;
        return rise > 0 ? rise * length(left) : -rise * length(left + 1);
    };
    std::vector<double> added;  // by each and its right neighbour becoming one
    for (std::size_t at = 0; at + 1 < parts.size(); ++at) added.push_back(area_between(at));
    while (parts.size() > 1) {
        const auto least = std::min_element(added.begin(), added.end());
        if (parts.size() <= most && *least > saving_least * parts.back().until_s) return;
        const auto cheapest = static_cast<std::size_t>(least - added.begin());
        CurvePart& left = parts[cheapest];
        const CurvePart& right = parts[cheapest + 1];
        const double before = length(cheapest), after = length(cheapest + 1);
        left = {.until_s = right.until_s,
                .memory = std::max(left.memory, right.memory),
                .cores = (left.cores * before + right.cores * after) / (before + after)};
        parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(cheapest) + 1);
        added.erase(least);
        if (cheapest > 0) added[cheapest - 1] = area_between(cheapest - 1);
        if (cheapest < added.size()) added[cheapest] = area_between(cheapest);
    }
}

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
    TaskCurve curve{.parts = {}, .growth = choice.growth};
    curve.parts.reserve(curve_cells + 1);
    for (std::size_t at = 0; at < curve_cells && (at == 0 || curve.parts.back().until_s < expected_s); ++at)
        curve.parts.push_back({.until_s = std::min(expected_s, cell_s * static_cast<double>(at + 1)),
                               .memory = held[at],
                               .cores = chosen_->cores[at]});
    // What comes after the longest run is not known.
    if (curve.parts.back().until_s < expected_s)
        curve.parts.push_back({.until_s = expected_s, .memory = 1, .cores = curve.parts.back().cores});
    merge(curve.parts, most_parts);
    return curve;
}

}  // namespace plimsoll::forecast
