// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/kind_card.h"

#include <ranges>

namespace plimsoll::cli {

Result<advise::ModelCard> card_of(const history::Database& history, const TaskKind& kind) {
    constexpr std::size_t looked_at = 2000;
    const std::vector<Observation> seen = PLIM_TRY(
        history.observations({.kinds = {kind}, .per_kind_max = looked_at, .same_tool = false, .recent_max = 0}));
    advise::CardMaker maker(kind);
    for (const Observation& observation : std::views::reverse(seen)) maker.take(observation);  // oldest first
    return maker.card();
}

}  // namespace plimsoll::cli
