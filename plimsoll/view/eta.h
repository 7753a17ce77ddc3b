// SPDX-License-Identifier: Apache-2.0
// How long a run will still take, as an interval, from what its steps are forecast to take and how many of their tasks
// fit side by side.
//
// A greedy schedule needs at least the longest chain L and at least the work W (each task's time by the share of
// the machine it takes), and at most W plus what the chain's own tasks leave of the machine to others (Graham 1969):
//     max(W, L) <= makespan <= W + sum over the chain of time x (1 - share).
// W and L are sums of runtimes with known spread: the interval reaches from the lower bound at their 10th percentile to
// the upper one at their 90th. Steps stand for their tasks, so that the cost does not grow with the number of tasks.
//
// What nobody knows is not made up: where a step has never run, there is no upper end, and the step is named.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "plimsoll/base/time.h"
#include "plimsoll/model/forecast.h"

namespace plimsoll::view {

/// The time left. With neither end it has not been looked at.
struct Eta {
    std::optional<Duration> least;
    std::optional<Duration> most;  ///< none: unknown
    std::string unknown;           ///< why there is no upper end
    bool operator==(const Eta&) const = default;
};

/// A task's runtime: mean and standard deviation in seconds.
struct Runtime {
    double mean = 0;
    double deviation = 0;
    bool operator==(const Runtime&) const = default;
};

/// Taken to be log-normal with this median and 95th percentile. Nothing where the forecast rests on no past runs of
/// this kind or tool: the user's `time` is a limit, and what other programs took says nothing.
std::optional<Runtime> runtime_of(const Forecast& forecast);

/// What is left of a task's runtime after so many seconds. One that takes longer than was expected is taken to need
/// a part of what it has had.
Runtime left_of(const Runtime& runtime, double lived_s);

/// The tasks of one step that are not done.
struct StepWork {
    std::string step;
    std::size_t open = 0;              ///< not started
    std::optional<Runtime> runtime{};  ///< of one that is not started; none: unknown
    std::uint32_t samples = 0;         ///< past runs that the runtime rests on
    double side_by_side = 1;           ///< how many of them the machine holds at once; at least 1
    std::vector<Runtime> running{};    ///< what is left of those that run
    bool runs_unknown = false;         ///< one runs of which nobody knows how long it takes
    std::vector<std::size_t> needs{};  ///< places of steps before it in the list
};

/// Steps come after those they need.
Eta time_left(std::span<const StepWork> steps);

}  // namespace plimsoll::view
