// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/learned.h"

#include <ranges>
#include <set>

#include "plimsoll/model/split.h"

namespace plimsoll::cli {

Result<std::unique_ptr<forecast::Forecaster>> learned_forecaster(const std::optional<history::Database>& history,
                                                                 std::span<const Task> tasks, std::string_view sizing,
                                                                 const forecast::ForecasterOptions& options) {
    if (sizing == "requests") return forecast::make_forecaster("request");
    auto forecaster = forecast::make_forecaster("replayed-cost", options);
    if (!history) return forecaster;
    std::set<TaskKind> kinds;
    const Step* last = nullptr;
    for (const Task& task : tasks) {
        if (task.step != last) kinds.insert(task.step->kind);
        if (task.step != last && task.split != nullptr) kinds.insert(task.split->joining.kind);
        last = task.step;
    }
    const std::vector<Observation> seen = PLIM_TRY(history->observations({.kinds = {kinds.begin(), kinds.end()}}));
    for (const Observation& observation : std::views::reverse(seen)) forecaster->learn(observation);  // oldest first
    return forecaster;
}

}  // namespace plimsoll::cli
