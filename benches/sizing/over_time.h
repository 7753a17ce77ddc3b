// SPDX-License-Identifier: Apache-2.0
// Protocols T and G: memory over time. A plan is a step function over the samples of a series.
//
// T: half of the instances are learnt, the others scored; a sample above the plan kills the attempt there, and what
// it held up to and with that sample is charged. G: the allocation is grown there instead, by the method's own rule,
// which sees that sample and those before; each growth stalls one sample's time, in which all that is held is wasted.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "benches/sizing/method.h"
#include "benches/sizing/score.h"
#include "benches/sizing/series.h"
#include "plimsoll/base/clock.h"

namespace plimsoll::benches {

struct Step {
    double until = 0;   ///< samples; the last step holds on
    double memory = 0;  ///< bytes
};
using StepPlan = std::vector<Step>;
/// Which step holds at a sample.
std::size_t step_at(const StepPlan& plan, std::size_t sample);

class CurveMethod {
public:
    virtual ~CurveMethod() = default;
    virtual void learn(const SeriesTask& task) = 0;
    /// Sees kind, input and request alone.
    virtual StepPlan plan(const SeriesTask& task) = 0;
    /// After the `count`th attempt was killed at a sample.
    virtual StepPlan retry(const SeriesTask& task, const StepPlan& failed, std::size_t sample, int count) = 0;
    /// In G, after each sample: `seen` ends with the one that has just come. `grown`: it was above the plan, and what
    /// is given has to be more. Gives the plan from here on.
    virtual StepPlan follow(const SeriesTask& task, const StepPlan& plan, std::span<const double> seen, bool grown);
};

/// "plimsoll", the rivals over time, and, flat over time, those of `make_method`. Null for other names.
/// `grows`: growing in place costs a stall and no attempt.
std::unique_ptr<CurveMethod> make_curve_method(std::string_view name, const MethodOptions& options, bool grows);
std::vector<std::string> curve_method_names();
std::unique_ptr<CurveMethod> make_k_segments();
std::unique_ptr<CurveMethod> make_ks_plus();

/// T.
Score replay_killed(const std::vector<SeriesTask>& tasks, const std::set<std::int64_t>& learnt, CurveMethod& method,
                    const Clock& clock);
/// G.
Score replay_grown(const std::vector<SeriesTask>& tasks, const std::set<std::int64_t>& learnt, CurveMethod& method,
                   const Clock& clock);

}  // namespace plimsoll::benches
