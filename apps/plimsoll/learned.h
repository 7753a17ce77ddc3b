// SPDX-License-Identifier: Apache-2.0
// A forecaster that has learned what the history knows about a workflow's kinds of tasks.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "plimsoll/forecast/forecaster.h"
#include "plimsoll/history/open_for_run.h"

namespace plimsoll::cli {

/// What a run's forecasts are asked for: so that models kept by runs serve whoever asks the same.
forecast::ForecasterOptions options_of_runs(std::optional<Risk> risk, bool in_phases);

/// `sizing`: "learned" or "requests"; the latter learns nothing. Without a history there is nothing to learn.
/// For a command that only looks: the history stays as it is.
Result<std::unique_ptr<forecast::Forecaster>> learned_forecaster(const std::optional<history::Database>& history,
                                                                 std::span<const Task> tasks, std::string_view sizing,
                                                                 const forecast::ForecasterOptions& options = {});

/// The same for a run: the history keeps what was learnt, so that the next start need not learn it again.
Result<std::unique_ptr<forecast::Forecaster>> learned_for_run(history::RunHistory& history, std::span<const Task> tasks,
                                                              std::string_view sizing,
                                                              const forecast::ForecasterOptions& options = {});

}  // namespace plimsoll::cli
