// SPDX-License-Identifier: Apache-2.0
#include "benches/sizing/over_time.h"

#include <algorithm>
#include <optional>

#include "benches/sizing/product_curve.h"

namespace plimsoll::benches {
namespace {

constexpr double most = 128'000e6;
constexpr int attempts_most = 200;

/// A method on peaks, held flat.
class Flat final : public CurveMethod {
public:
    explicit Flat(std::unique_ptr<Method> method) : method_(std::move(method)) {}
    void learn(const SeriesTask& task) override { method_->learn(as_trace(task)); }
    StepPlan plan(const SeriesTask& task) override {
        return {{.until = 0, .memory = method_->first(as_trace(task)).value_or(task.request)}};
    }
    StepPlan retry(const SeriesTask& task, const StepPlan& failed, std::size_t, int count) override {
        return {{.until = 0, .memory = method_->retry(as_trace(task), failed.back().memory, count)}};
    }

private:
    static TraceTask as_trace(const SeriesTask& task) {
        return {.workflow = "",
                .kind = task.kind,
                .row = 0,
                .request = task.request,
                .input = task.input,
                .peak = task.peak(),
                .rss = 0,
                .runtime_s = task.runtime_s(),
                .start_s = 0,
                .complete_s = 0,
                .completed = true};
    }
    std::unique_ptr<Method> method_;
};

StepPlan capped(StepPlan plan) {
    for (Step& step : plan) step.memory = std::min(step.memory, most);
    return plan;
}

/// The first sample above the plan.
std::optional<std::size_t> killed_at(const SeriesTask& task, const StepPlan& plan) {
    for (std::size_t at = 0; at < task.memory.size(); ++at)
        if (task.memory[at] > plan[step_at(plan, at)].memory) return at;
    return std::nullopt;
}

/// Held over the first samples, less what was used, in GBh.
double wasted(const SeriesTask& task, const StepPlan& plan, std::size_t samples, bool used) {
    double bytes = 0;
    for (std::size_t at = 0; at < samples; ++at) bytes += plan[step_at(plan, at)].memory - (used ? task.memory[at] : 0);
    return bytes * sample_s / byte_seconds_per_gbh;
}

void learn_half(const std::vector<SeriesTask>& tasks, const std::set<std::int64_t>& learnt, CurveMethod& method,
                const Clock& clock, Score& score) {
    for (const SeriesTask& task : tasks)
        if (learnt.contains(task.id)) timed(clock, score.learn_us, [&] { method.learn(task); });
}

void grow_through(const SeriesTask& task, CurveMethod& method, StepPlan plan, Score& score) {
    const std::span<const double> series(task.memory);
    for (std::size_t at = 0; at < series.size(); ++at) {
        const std::span<const double> seen = series.first(at + 1);
        double held = plan[step_at(plan, at)].memory;
        for (int grown = 0; series[at] > held && held < most && grown < attempts_most; ++grown) {
            plan = capped(method.follow(task, plan, seen, true));
            held = plan[step_at(plan, at)].memory;
            ++score.growths;
            score.stalled_s += sample_s;
            score.over_gbh += held * sample_s / byte_seconds_per_gbh;
        }
        if (series[at] > held) {
            ++score.failed_attempts, ++score.failed_tasks;
            return;
        }
        score.over_gbh += (held - series[at]) * sample_s / byte_seconds_per_gbh;
        plan = capped(method.follow(task, plan, seen, false));
    }
}

}  // namespace

std::size_t step_at(const StepPlan& plan, std::size_t sample) {
    std::size_t step = 0;
    while (step + 1 < plan.size() && static_cast<double>(sample) >= plan[step].until) ++step;
    return step;
}

/// To twice what is held, at least the sample; falls nowhere.
StepPlan CurveMethod::follow(const SeriesTask&, const StepPlan& plan, std::span<const double> seen, bool grown) {
    if (!grown) return plan;
    StepPlan next = plan;
    const double held = plan[step_at(plan, seen.size() - 1)].memory;
    for (Step& step : next) step.memory = std::max({step.memory, 2 * held, seen.back()});
    return next;
}

std::unique_ptr<CurveMethod> make_curve_method(std::string_view name, const MethodOptions& options, bool grows) {
    if (name == "plimsoll") return make_product_curve(options, grows);
    if (name == "k-segments") return make_k_segments();
    if (name == "ks-plus") return make_ks_plus();
    std::unique_ptr<Method> method = make_method(name, options);
    return method ? std::make_unique<Flat>(std::move(method)) : nullptr;
}

std::vector<std::string> curve_method_names() {
    std::vector<std::string> names = method_names();
    names.insert(names.end(), {"k-segments", "ks-plus"});
    return names;
}

Score replay_killed(const std::vector<SeriesTask>& tasks, const std::set<std::int64_t>& learnt, CurveMethod& method,
                    const Clock& clock) {
    Score score;
    learn_half(tasks, learnt, method, clock, score);
    for (const SeriesTask& task : tasks) {
        if (learnt.contains(task.id)) continue;
        StepPlan plan = capped(timed(clock, score.forecast_us, [&] { return method.plan(task); }));
        int failed = 0;
        for (std::optional<std::size_t> at; (at = killed_at(task, plan)) && failed < attempts_most;) {
            score.under_gbh += wasted(task, plan, *at + 1, false);
            plan = capped(method.retry(task, plan, *at, ++failed));
        }
        score.over_gbh += wasted(task, plan, task.memory.size(), true);
        score.failed_attempts += failed;
        score.failed_tasks += failed > 0;
        ++score.tasks;
    }
    return score;
}

Score replay_grown(const std::vector<SeriesTask>& tasks, const std::set<std::int64_t>& learnt, CurveMethod& method,
                   const Clock& clock) {
    Score score;
    learn_half(tasks, learnt, method, clock, score);
    for (const SeriesTask& task : tasks) {
        if (learnt.contains(task.id)) continue;
        grow_through(task, method, capped(timed(clock, score.forecast_us, [&] { return method.plan(task); })), score);
        ++score.tasks;
    }
    return score;
}

}  // namespace plimsoll::benches
