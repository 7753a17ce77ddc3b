// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/kind_card.h"

#include <ranges>
#include <set>
#include <string_view>

namespace plimsoll::cli {

Result<advise::ModelCard> card_of(const history::Database& history, const TaskKind& kind, const CardTerms& terms) {
    const std::vector<Observation> seen = PLIM_TRY(history.observations({.kinds = {kind},
                                                                         .per_kind_max = terms.looked_at,
                                                                         .same_tool = false,
                                                                         .recent_max = 0,
                                                                         .before = terms.before}));
    advise::CardMaker maker(kind);
    for (const Observation& observation : std::views::reverse(seen)) maker.take(observation);  // oldest first
    return maker.card();
}

Result<std::string> known_of(const history::Database& history, const TaskKind& kind, const CardTerms& terms) {
    const advise::ModelCard card = PLIM_TRY(card_of(history, kind, terms));
    return card.samples > 0 ? advise::in_words(card) : std::string();
}

Result<std::vector<KnownOfStep>> known_of_steps(const history::Database& history, const RunId& run,
                                                const std::vector<AttemptRecord>& attempts) {
    std::vector<KnownOfStep> known;
    std::set<std::string_view> seen;
    for (const AttemptRecord& attempt : attempts) {
        if (!seen.insert(attempt.kind.step).second) continue;
        std::string words = PLIM_TRY(known_of(history, attempt.kind, {.before = run}));
        if (!words.empty()) known.push_back({attempt.kind.step, std::move(words)});
    }
    return known;
}

}  // namespace plimsoll::cli
