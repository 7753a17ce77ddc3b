// SPDX-License-Identifier: Apache-2.0
#include "benches/sizing/product_curve.h"

#include <algorithm>
#include <cmath>

#include "plimsoll/forecast/forecaster.h"
#include "plimsoll/forecast/shaped_curve.h"
#include "plimsoll/shape/growth.h"

namespace plimsoll::benches {
namespace {

constexpr auto growth_stall = std::chrono::seconds(2);

class ProductCurve final : public CurveMethod {
public:
    ProductCurve(const MethodOptions& options, bool grows)
        : options_(options), grows_(grows), forecaster_(forecast::make_forecaster("replayed-cost")) {}

    void learn(const SeriesTask& task) override {
        Observation seen;
        seen.kind = kind_of(task);
        seen.features = features_of(task);
        seen.profile.runtime = from_seconds(task.runtime_s());
        seen.profile.memory_peak = {static_cast<std::int64_t>(task.peak())};
        for (std::size_t at = 0; at < task.memory.size(); ++at)
            seen.profile.segments.push_back({.until = from_seconds(sample_s * static_cast<double>(at + 1)),
                                             .memory = {static_cast<std::int64_t>(task.memory[at])},
                                             .cpu = Cores{1}});
        forecaster_->learn(seen);
    }
    StepPlan plan(const SeriesTask& task) override {
        const Forecast forecast = forecaster_->forecast(kind_of(task), features_of(task), terms(task));
        const Bytes bound{std::llround(forecast.memory.bound)};
        curve_ = forecast.curve;
        if (curve_.empty()) curve_.push_back({.until = from_seconds(forecast.runtime.p50), .memory = bound, .cpu = {}});
        // What comes after the expected end is not known: the bound of the whole, unless more is to be had then.
        if (!grows_) curve_.back().memory = std::max(curve_.back().memory, bound);
        policy_.rule = forecast.growth;
        grown_ = {};
        return planned_ = plan_of(curve_);
    }
    /// As the loop asks for the next attempt (ask.cc).
    StepPlan retry(const SeriesTask& task, const StepPlan& failed, std::size_t sample, int count) override {
        const Bytes held{static_cast<std::int64_t>(failed[step_at(failed, sample)].memory)};
        Bytes memory = forecaster_->retry_memory(kind_of(task), features_of(task), terms(task), held, count);
        for (const Segment& segment : curve_) memory = std::max(memory, segment.memory);
        if (count > 1) return {{.until = 0, .memory = as_double(memory)}};
        return plan_of(forecast::raised_curve(curve_, from_seconds(sample_s * static_cast<double>(sample)), memory));
    }

    /// As the loop does with what it samples (loop/shaper.cc): grown by what the attempt uses and its rise, and given
    /// back when it has used less for a while.
    StepPlan follow(const SeriesTask&, const StepPlan& plan, std::span<const double> seen, bool outgrown) override {
        const Bytes now{std::llround(std::ceil(seen.back()))};
        const Duration age = from_seconds(sample_s * static_cast<double>(seen.size()));
        const double planned = planned_[step_at(planned_, seen.size() - 1)].memory;
        used_most_ = std::max(used_most_, now);
        Bytes next = grown_;
        if (outgrown) {
            const double before = seen.size() > 1 ? seen[seen.size() - 2] : 0;
            const double held = plan[step_at(plan, seen.size() - 1)].memory;
            next = shape::wanted({static_cast<std::int64_t>(held)},
                                 {.now = now, .rise_per_s = std::max(0.0, (seen.back() - before) / sample_s)}, policy_)
                       .value_or(now);
        } else {
            if (grown_ == Bytes{} || age - judged_from_ < shape::patience(age, policy_)) return plan;
            next = shape::enough(grown_, {static_cast<std::int64_t>(planned)}, used_most_, policy_).value_or(grown_);
        }
        judged_from_ = age;
        used_most_ = now;
        if (next == grown_) return plan;
        grown_ = next;
        StepPlan held = planned_;
        for (Step& step : held) step.memory = std::max(step.memory, as_double(grown_));
        return held;
    }

private:
    static double as_double(Bytes memory) { return static_cast<double>(memory.count); }
    static StepPlan plan_of(const std::vector<Segment>& curve) {
        StepPlan plan;
        for (const Segment& segment : curve)
            plan.push_back({.until = seconds(segment.until) / sample_s, .memory = as_double(segment.memory)});
        return plan;
    }
    static TaskKind kind_of(const SeriesTask& task) {
        return {.workflow = "series", .step = task.kind, .tool = tool_of(task.kind)};
    }
    static Features features_of(const SeriesTask& task) {
        return {.input_bytes = {static_cast<std::int64_t>(task.input)},
                .input_count = 1,
                .numbers = {},
                .machine = "trace"};
    }
    forecast::Terms terms(const SeriesTask& task) const {
        forecast::Terms terms;
        if (task.request > 0) terms.request.memory = Bytes{static_cast<std::int64_t>(task.request)};
        terms.failure_weight = options_.risk;
        if (grows_) terms.growth_stall = growth_stall;
        terms.machine_cpu = Cores{64};
        terms.machine_memory = {static_cast<std::int64_t>(options_.node)};
        return terms;
    }
    MethodOptions options_;
    bool grows_;
    std::unique_ptr<forecast::Forecaster> forecaster_;

    // Of the task that was planned last.
    std::vector<Segment> curve_;
    StepPlan planned_;
    shape::GrowthPolicy policy_;
    Bytes grown_{};           ///< what growing gave it; 0: it has what was planned
    Duration judged_from_{};  ///< its own time
    Bytes used_most_{};       ///< since then
};

}  // namespace

std::unique_ptr<CurveMethod> make_product_curve(const MethodOptions& options, bool grows) {
    return std::make_unique<ProductCurve>(options, grows);
}

}  // namespace plimsoll::benches
