// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/curve_retraining.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <span>

namespace plimsoll::forecast {
namespace {

constexpr double cores_above = 0.1;        ///< of the runs, at any time
constexpr std::size_t least_to_hold = 20;  ///< runs below which none can be spared
constexpr std::size_t held_share = 4;      ///< one in so many is held back

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

/// Runs on both axes, in the order of their inputs.
struct OnAxes {
    std::vector<double> inputs;
    std::vector<LaidRun> relative, absolute;
    std::span<const LaidRun> on(const CurveChoice& choice) const { return choice.is_relative ? relative : absolute; }
};

/// `chosen`: by their place in the material.
OnAxes laid_on_axes(const CurveMaterial& material, std::vector<std::size_t> chosen, double axis_s) {
    std::ranges::stable_sort(chosen, {}, [&](std::size_t at) { return material.runs[at].x; });
    OnAxes laid;
    for (const std::size_t at : chosen) {
        const CurveRun run = unpacked(material.runs[at]);
        laid.inputs.push_back(run.x);
        laid.relative.push_back(lay(run, material.expected_s[at]));
        laid.absolute.push_back(lay(run, axis_s));
    }
    return laid;
}

std::vector<Levels> levels_of(const OnAxes& laid, const CurveChoice& choice) {
    const std::span<const LaidRun> runs = laid.on(choice);
    const InputWindows windows{.runs = runs.size(), .parts = choice.parts};
    std::vector<Levels> levels;
    for (std::size_t window = 0; window < windows.count(); ++window) {
        const std::size_t begin = windows.begin(window);
        const LaidRuns in_window(runs.subspan(begin, windows.end(window) - begin), choice.margins.widened);
        levels.push_back(in_window.below(choice.margins.above));
    }
    return levels;
}

/// What curves made of the others by such a choice would have cost the ones held back.
double cost_on(const OnAxes& held_back, const OnAxes& others, const CurveChoice& choice, const Overrun& overrun) {
    const std::vector<Levels> levels = levels_of(others, choice);
    const InputWindows windows{.runs = others.inputs.size(), .parts = choice.parts};
    const std::span<const LaidRun> runs = held_back.on(choice);
    double cost = 0;
    for (std::size_t at = 0; at < runs.size(); ++at) {
        const LaidRun& run = runs[at];
        const std::size_t window = windows.window_at(position_among(others.inputs, held_back.inputs[at]));
        const Cells plan = held_by_curve(levels[window], choice.margins, run.peak);
        cost += run.peak * (overrun.growth_s ? cost_if_grown(run, plan, choice.growth, overrun)
                                             : cost_if_killed(run, plan, overrun).wasted);
    }
    return cost;
}

CurveChoice better_choice(const CurveMaterial& material, double axis_s) {
    const std::size_t count = material.runs.size(), older = count - count / held_share;
    std::vector<std::size_t> places(count);
    std::iota(places.begin(), places.end(), std::size_t{0});
    const auto split = places.begin() + static_cast<std::ptrdiff_t>(older);
    const OnAxes others = laid_on_axes(material, {places.begin(), split}, axis_s);
    const OnAxes held_back = laid_on_axes(material, {split, places.end()}, axis_s);
    const CurveChoice found = cheapest_curve(others.relative, others.absolute, material.overrun);
    const double new_cost = cost_on(held_back, others, found, material.overrun);
    return new_cost <= cost_on(held_back, others, *material.before, material.overrun) ? found : *material.before;
}

}  // namespace

ChosenCurve choose_curve(const CurveMaterial& material) {
    ChosenCurve chosen{.overrun = material.overrun,
                       .choice = {},
                       .learnt = material.learnt,
                       .axis_s = 0,
                       .inputs = {},
                       .levels = {},
                       .cores = {}};
    for (const KeptRun& run : material.runs) chosen.axis_s = std::max(chosen.axis_s, run.runtime_s);
    std::vector<std::size_t> all(material.runs.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    OnAxes laid = laid_on_axes(material, all, chosen.axis_s);
    chosen.choice = material.before && material.runs.size() >= least_to_hold
                        ? better_choice(material, chosen.axis_s)
                        : cheapest_curve(laid.relative, laid.absolute, material.overrun);
    chosen.levels = levels_of(laid, chosen.choice);
    chosen.cores = cores_of(laid.on(chosen.choice));
    chosen.inputs = std::move(laid.inputs);
    return chosen;
}

}  // namespace plimsoll::forecast
