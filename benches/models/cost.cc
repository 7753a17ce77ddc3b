// SPDX-License-Identifier: Apache-2.0
#include "benches/models/cost.h"

#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>

#include "plimsoll/base/random.h"
#include "plimsoll/forecast/forecaster.h"
#include "plimsoll/history/database.h"
#include "plimsoll/loop/learnt.h"

namespace plimsoll::benches {
namespace {

constexpr int segments = 32;  // as many as a profile keeps
constexpr std::int64_t tasks_of_run = 5000;
constexpr std::int64_t asked_every = 10;

double allocated_mb() {
    const struct mallinfo2 info = mallinfo2();
    return static_cast<double>(info.uordblks + info.hblkhd) / 1e6;
}

TaskKind kind_of(std::int64_t number, const PastSize& past) {
    return {.workflow = fmt::format("workflow-{}", number / past.start_kinds),
            .step = fmt::format("step-{}", number),
            .tool = fmt::format("program-{} command-{}", number % 20, number % 100)};
}

Observation drawn(const TaskKind& kind, Rng& rng) {
    Observation seen;
    seen.kind = kind;
    seen.features = {
        .input_bytes = Bytes{rng.between(1 << 20, 1 << 30)}, .input_count = 2, .numbers = {}, .machine = "here"};
    Profile& profile = seen.profile;
    profile.memory_peak = seen.features.input_bytes * (1 + rng.uniform());
    profile.runtime = profile.cpu = from_seconds(1 + rng.uniform() * 100);
    for (int part = 1; part <= segments; ++part)
        profile.segments.push_back({.until = from_seconds(seconds(profile.runtime) * part / segments),
                                    .memory = profile.memory_peak * (part / double{segments}),
                                    .cpu = Cores{1}});
    return seen;
}

forecast::Terms terms() {
    forecast::Terms terms;
    terms.request.memory = 3_GiB;
    terms.machine_cpu = 8_cores;
    terms.machine_memory = 64_GiB;
    return terms;
}

/// The history as runs leave it, five thousand tasks each.
class Writing {
public:
    explicit Writing(history::Database& database) : database_(database) {}

    Result<void> add(const Observation& seen) {
        if (!writer_) writer_ = PLIM_TRY(database_.begin_run(run()));
        AttemptRecord attempt;
        attempt.id = {.task = static_cast<TaskId>(tasks_), .number = 1};
        attempt.task_name = fmt::format("{}[{}]", seen.kind.step, tasks_);
        attempt.kind = seen.kind;
        attempt.features = seen.features;
        attempt.reserved = {.cpu = 1_cores, .memory = seen.profile.memory_peak};
        attempt.started = WallTime(std::chrono::seconds(runs_));
        attempt.ended = attempt.started;
        attempt.outcome = Outcome{};
        attempt.profile = seen.profile;
        writer_->append(history::AttemptEnded{std::move(attempt)});
        return ++tasks_ < tasks_of_run ? Result<void>{} : end_run();
    }

    Result<void> end_run() {
        if (!writer_) return {};
        writer_->append(history::RunEnded{.state = RunState::finished, .at = WallTime(std::chrono::seconds(runs_))});
        PLIM_TRY(writer_->commit());
        writer_.reset();
        tasks_ = 0;
        return {};
    }

private:
    RunRecord run() {
        RunRecord run;
        run.id = fmt::format("bench-{:06}", ++runs_);
        run.workflow = "bench";
        run.file = run.folder = "/bench";
        run.machine = "here";
        run.started = WallTime(std::chrono::seconds(runs_));
        return run;
    }
    history::Database& database_;
    std::unique_ptr<history::RunWriter> writer_;
    std::int64_t runs_ = 0, tasks_ = 0;
};

template <class Work>
double timed_s(const Clock& clock, const Work& work) {
    const Instant before = clock.now();
    work();
    return seconds(clock.now() - before);
}

/// What a run of one workflow does before it starts its first task.
struct Started {
    double cpu_s = 0;
    loop::Learnt learnt;
};
Result<Started> start(const std::string& path, const PastSize& past, const Clock& cpu) {
    const Instant before = cpu.now();
    const history::Database database = PLIM_TRY(history::Database::open(path, {}));
    loop::ToLearn what;
    for (std::int64_t kind = 0; kind < past.start_kinds; ++kind) what.kinds.push_back(kind_of(kind, past));
    Started started{.learnt = PLIM_TRY(loop::learn_history(database, what))};
    started.cpu_s = seconds(cpu.now() - before);
    return started;
}

}  // namespace

Result<ModelsCost> cost_of_models(const PastSize& past, const std::string& folder, const Clock& cpu) {
    const std::string path = folder + "/history.db";
    ModelsCost cost;
    history::Database database = PLIM_TRY(history::Database::open(path, {}));
    Writing writing(database);
    Rng rng(1);
    const auto next = [&] { return drawn(kind_of(rng.between(0, past.kinds - 1), past), rng); };
    cost.forecast_us.reserve(static_cast<std::size_t>(past.attempts / asked_every + 1));
    const double before_mb = allocated_mb();
    const auto forecaster = forecast::make_forecaster("replayed-cost");
    double learn_s = 0;
    for (std::int64_t at = 0; at < past.attempts; ++at) {
        const Observation seen = next();
        PLIM_TRY(writing.add(seen));
        learn_s += timed_s(cpu, [&] { forecaster->learn(seen); });
        if (at % asked_every == 0)
            cost.forecast_us.push_back(
                1e6 * timed_s(cpu, [&] { (void)forecaster->forecast(seen.kind, seen.features, terms()); }));
    }
    PLIM_TRY(writing.end_run());
    cost.learn_us = 1e6 * learn_s / static_cast<double>(past.attempts);
    cost.models_mb = allocated_mb() - before_mb;
    {
        const Started anew = PLIM_TRY(start(path, past, cpu));
        cost.start_anew_s = anew.cpu_s;
        PLIM_TRY(loop::keep_learnt(database, anew.learnt));
        cost.kept_mb = static_cast<double>(anew.learnt.forecaster->state().size()) / 1e6;
    }
    // Within one base: beyond it all is learnt anew, which the figure before tells.
    const std::int64_t step = loop::ToLearn{}.base_step;
    const std::int64_t since = std::min(past.attempts_since, step - 1 - past.attempts % step);
    for (std::int64_t at = 0; at < since; ++at) PLIM_TRY(writing.add(next()));
    PLIM_TRY(writing.end_run());
    const Started kept = PLIM_TRY(start(path, past, cpu));
    if (!kept.learnt.is_restored) return Error{ErrorKind::damaged, "the models that were kept could not be read"};
    cost.start_kept_s = kept.cpu_s;
    cost.history_mb = static_cast<double>(PLIM_TRY(database.sizes()).file.count) / 1e6;
    return cost;
}

}  // namespace plimsoll::benches
