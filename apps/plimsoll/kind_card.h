// SPDX-License-Identifier: Apache-2.0
// What the history knows of one kind of task, for `models` and `predict`.
#pragma once

#include "plimsoll/advise/model_card.h"
#include "plimsoll/history/database.h"

namespace plimsoll::cli {

/// From its newest attempts alone: what models learn from fades long before there are more.
Result<advise::ModelCard> card_of(const history::Database& history, const TaskKind& kind);

}  // namespace plimsoll::cli
