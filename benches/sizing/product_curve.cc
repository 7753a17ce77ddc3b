// SPDX-License-Identifier: Apache-2.0
#include "benches/sizing/product_curve.h"

#include <algorithm>

#include "plimsoll/forecast/forecaster.h"

namespace plimsoll::benches {
namespace {

constexpr double growing_above = 0.7;  ///< of the tasks: a growth stalls two seconds, memory held in vain lasts

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
        StepPlan plan;
        for (const Segment& segment : forecast.curve)
            plan.push_back(
                {.until = seconds(segment.until) / sample_s, .memory = static_cast<double>(segment.memory.count)});
        if (plan.empty()) plan.push_back({.until = 0, .memory = forecast.memory.bound});
        // What comes after the expected end is not known: the bound of the whole, unless more is to be had then.
        if (!grows_) plan.back().memory = std::max(plan.back().memory, forecast.memory.bound);
        return plan;
    }
    StepPlan retry(const SeriesTask& task, const StepPlan& failed, std::size_t sample, int count) override {
        const double held = failed[step_at(failed, sample)].memory;
        const double next = static_cast<double>(
            forecaster_
                ->retry_memory(kind_of(task), features_of(task), terms(task), {static_cast<std::int64_t>(held)}, count)
                .count);
        return {{.until = 0, .memory = next}};
    }

    StepPlan follow(const SeriesTask&, const StepPlan& plan, std::span<const double> seen, bool grown) override {
        return grown ? grown_along(plan, seen.size() - 1, seen.back()) : plan;
    }

private:
    /// A need above the plan is taken for a phase that has come sooner: what the plan holds for the next higher one
    /// that is enough is held from here on, or, where there is none, a little more than the need.
    static StepPlan grown_along(const StepPlan& plan, std::size_t sample, double need) {
        constexpr double room = 1.1;
        const std::size_t now = step_at(plan, sample);
        std::size_t later = now;
        while (later < plan.size() && plan[later].memory < need) ++later;
        StepPlan next = plan;
        const double held = later < plan.size() ? plan[later].memory : room * need;
        for (std::size_t step = now; step < std::min(later + 1, plan.size()); ++step)
            next[step].memory = std::max(next[step].memory, held);
        return next;
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
        if (grows_) terms.above_curve = growing_above;
        terms.machine_cpu = Cores{64};
        terms.machine_memory = {static_cast<std::int64_t>(options_.node)};
        return terms;
    }
    MethodOptions options_;
    bool grows_;
    std::unique_ptr<forecast::Forecaster> forecaster_;
};

}  // namespace

std::unique_ptr<CurveMethod> make_product_curve(const MethodOptions& options, bool grows) {
    return std::make_unique<ProductCurve>(options, grows);
}

}  // namespace plimsoll::benches
