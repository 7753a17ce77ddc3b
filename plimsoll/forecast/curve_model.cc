// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/curve_model.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace plimsoll::forecast {
namespace {

constexpr std::size_t runs_most = 64;    ///< how a kind goes changes seldom
constexpr double cores_above = 0.1;      ///< of the runs, at any time
constexpr double shortest_shaped_s = 1;  ///< nothing is to be had by lending memory for less
constexpr double saving_least = 0.001;   ///< of peak x runtime: what a part saves at least
// A choice costs some thousand times what reading it does: it is made again when there are half as many runs more, or
// so many; of very few runs each counts.
constexpr std::size_t few_runs = 8, most_between = 64;

/// Neighbours with the least area between them become one, at the larger memory, until few are left and each is
/// worth a change of limits.
void merge(std::vector<CurvePart>& parts, std::size_t most) {
    const auto length = [&](std::size_t at) { return parts[at].until_s - (at == 0 ? 0 : parts[at - 1].until_s); };
    const auto added = [&](std::size_t left) {
        const double rise = parts[left + 1].memory - parts[left].memory;
        return rise > 0 ? rise * length(left) : -rise * length(left + 1);
    };
    while (parts.size() > 1) {
        std::size_t cheapest = 0;
        for (std::size_t at = 1; at + 1 < parts.size(); ++at)
            if (added(at) < added(cheapest)) cheapest = at;
        if (parts.size() <= most && added(cheapest) > saving_least * parts.back().until_s) return;
        CurvePart& left = parts[cheapest];
        const CurvePart& right = parts[cheapest + 1];
        const double before = length(cheapest), after = length(cheapest + 1);
        left = {.until_s = right.until_s,
                .memory = std::max(left.memory, right.memory),
                .cores = (left.cores * before + right.cores * after) / (before + after)};
        parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(cheapest) + 1);
    }
}

/// In each cell what all but a few of the runs going there were below.
Cells cores_of(std::span<const LaidRun> runs) {
    Cells cores{};
    std::vector<float> there;
    for (std::size_t at = 0; at < curve_cells; ++at) {
        there.clear();
        for (const LaidRun& run : runs)
            if (at < run.end) there.push_back(run.cores[at]);
        const auto rank = there.begin() + static_cast<std::ptrdiff_t>(cores_above * static_cast<double>(there.size()));
        std::nth_element(there.begin(), rank, there.end(), std::greater<>());
        if (!there.empty()) cores[at] = *rank;
        if (at > 0 && there.size() < LaidRuns::least_going) cores[at] = std::max(cores[at], cores[at - 1]);
    }
    return cores;
}

}  // namespace

void CurveModel::learn(double x, const Profile& profile, const QuantityModel& runtime) {
    const std::optional<CurveRun> run = curve_run(x, profile);
    if (!run) return;
    runs_.push_back(kept(*run));
    if (runs_.size() > runs_most) runs_.pop_front();
    ++learnt_;
    if (is_due()) chosen_ = choose(runtime, chosen_ ? chosen_->overrun : Overrun{});
}

bool CurveModel::is_due() const {
    if (!chosen_) return runs_.size() >= least_runs;
    const std::size_t between = chosen_->learnt < few_runs ? 1 : std::min(chosen_->learnt / 2, most_between);
    return learnt_ - chosen_->learnt >= between;
}

CurveModel::Chosen CurveModel::choose(const QuantityModel& runtime, const Overrun& overrun) const {
    Chosen chosen{
        .overrun = overrun, .choice = {}, .learnt = learnt_, .axis_s = 0, .inputs = {}, .levels = {}, .cores = {}};
    std::vector<const KeptRun*> by_input;
    for (const KeptRun& run : runs_) by_input.push_back(&run);
    std::ranges::stable_sort(by_input, {}, &KeptRun::x);
    for (const KeptRun& run : runs_) chosen.axis_s = std::max(chosen.axis_s, run.runtime_s);
    std::vector<LaidRun> relative, absolute;
    for (const KeptRun* one : by_input) {
        const CurveRun run = unpacked(*one);
        relative.push_back(lay(run, runtime.estimate(run.x).p50));
        absolute.push_back(lay(run, chosen.axis_s));
        chosen.inputs.push_back(run.x);
    }
    chosen.choice = cheapest_curve(relative, absolute, overrun);
    const CurveMargins& margins = chosen.choice.margins;
    const std::span<const LaidRun> runs = chosen.choice.is_relative ? relative : absolute;
    const InputWindows windows{.runs = runs.size(), .parts = chosen.choice.parts};
    for (std::size_t window = 0; window < windows.count(); ++window) {
        const std::size_t begin = windows.begin(window);
        const LaidRuns laid(runs.subspan(begin, windows.end(window) - begin), margins.widened);
        chosen.levels.push_back(laid.below(margins.above));
    }
    chosen.cores = cores_of(runs);
    return chosen;
}

TaskCurve CurveModel::curve(const QuantityModel& runtime, const Task& task, const Overrun& overrun) const {
    const double expected_s = task.expected_s;
    if (runs_.size() < least_runs || expected_s < shortest_shaped_s || task.peak <= 0) return {};
    if (!chosen_ || chosen_->overrun != overrun) chosen_ = choose(runtime, overrun);
    const CurveChoice& choice = chosen_->choice;
    const InputWindows windows{.runs = chosen_->inputs.size(), .parts = choice.parts};
    const Levels& levels = chosen_->levels[windows.window_at(position_among(chosen_->inputs, task.x))];
    const Cells held = held_by_curve(levels, choice.margins, task.peak);
    const double cell_s = (choice.is_relative ? expected_s : chosen_->axis_s) / curve_cells;
    TaskCurve curve{.parts = {}, .growth = choice.growth};
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
