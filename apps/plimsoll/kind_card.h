// SPDX-License-Identifier: Apache-2.0
// What the history knows of one kind of task, for whoever tells of it: `models`, `predict`, `explain`, `advise` and
// the report.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "plimsoll/advise/model_card.h"
#include "plimsoll/history/database.h"

namespace plimsoll::cli {

struct CardTerms {
    std::optional<RunId> before = {};  ///< as that run could know it
    std::size_t looked_at = 2000;  ///< of its newest attempts: what models learn from fades long before there are more
};

Result<advise::ModelCard> card_of(const history::Database& history, const TaskKind& kind, const CardTerms& terms = {});

/// The card in a sentence; "" where no attempt has finished.
Result<std::string> known_of(const history::Database& history, const TaskKind& kind, const CardTerms& terms = {});

struct KnownOfStep {
    std::string step, words;
};

/// What was known of the steps when the run began, in the order in which they were first started. Left out: steps of
/// which nothing was known.
Result<std::vector<KnownOfStep>> known_of_steps(const history::Database& history, const RunId& run,
                                                const std::vector<AttemptRecord>& attempts);

}  // namespace plimsoll::cli
