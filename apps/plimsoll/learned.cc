// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/learned.h"

#include <fmt/format.h>

#include "plimsoll/base/log.h"
#include "plimsoll/loop/ask.h"
#include "plimsoll/loop/learnt.h"
#include "plimsoll/model/split.h"

namespace plimsoll::cli {
namespace {

loop::ToLearn of_tasks(std::span<const Task> tasks, const forecast::ForecasterOptions& options) {
    loop::ToLearn what{.kinds = {}, .forecaster = options};
    const Step* last = nullptr;
    for (const Task& task : tasks) {
        if (task.step != last) what.kinds.push_back(task.step->kind);
        if (task.step != last && task.split != nullptr) what.kinds.push_back(task.split->joining.kind);
        last = task.step;
    }
    return what;
}

}  // namespace

forecast::ForecasterOptions options_of_runs(std::optional<Risk> risk, bool in_phases) {
    return {.background = nullptr,
            .failure_weight = risk.value_or(Risk{}).failure_weight,
            .growth_stall = in_phases ? std::optional(loop::growth_stall) : std::nullopt};
}

Result<std::unique_ptr<forecast::Forecaster>> learned_forecaster(const std::optional<history::Database>& history,
                                                                 std::span<const Task> tasks, std::string_view sizing,
                                                                 const forecast::ForecasterOptions& options) {
    if (sizing == "requests") return forecast::make_forecaster("request");
    if (!history) return forecast::make_forecaster("replayed-cost", options);
    return std::move(PLIM_TRY(loop::learn_history(*history, of_tasks(tasks, options))).forecaster);
}

Result<std::unique_ptr<forecast::Forecaster>> learned_for_run(history::RunHistory& history, std::span<const Task> tasks,
                                                              std::string_view sizing,
                                                              const forecast::ForecasterOptions& options) {
    if (sizing == "requests" || !history.records) return learned_forecaster(history.database, tasks, sizing, options);
    loop::Learnt learnt = PLIM_TRY(loop::learn_history(*history.database, of_tasks(tasks, options)));
    // The run is none the worse for it; the next start takes longer.
    if (const Result<void> kept = loop::keep_learnt(*history.database, learnt); !kept)
        log(LogLevel::warning, fmt::format("what was learnt could not be kept: {}", kept.error().message));
    return std::move(learnt.forecaster);
}

}  // namespace plimsoll::cli
