// SPDX-License-Identifier: Apache-2.0
// plimsoll models: what is known of each kind of task, how well it held, and which have changed.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include <nlohmann/json.hpp>

#include "apps/plimsoll/command_frame.h"
#include "apps/plimsoll/exchange/exchange_commands.h"
#include "apps/plimsoll/kind_card.h"

namespace plimsoll::cli {
namespace {

using Json = nlohmann::ordered_json;
using advise::ModelCard;

Result<std::set<TaskKind>> kinds_of(const history::Database& history, const std::string& workflow) {
    std::set<TaskKind> kinds;
    PLIM_TRY(history.each_past_attempt({.workflow = workflow},
                                       [&](const TaskKind& kind, const history::PastAttempt&) -> Result<void> {
                                           kinds.insert(kind);
                                           return {};
                                       }));
    return kinds;
}

Json share_json(const std::optional<double>& share) { return share ? Json(*share) : Json(nullptr); }

Json card_json(const ModelCard& card) {
    Json promise, drift;
    if (card.promise)
        promise = {{"bound_bytes", std::llround(card.promise->bound)},
                   {"stated", share_json(card.promise->stated)},
                   {"measured", share_json(card.promise->measured)}};
    if (card.drift) drift = {{"factor", card.drift->factor}, {"tasks_ago", card.drift->tasks_ago}};
    return {{"workflow", card.kind.workflow},
            {"step", card.kind.step},
            {"tool", card.kind.tool},
            {"samples", card.samples},
            {"stopped", card.stopped},
            {"typical_bytes", card.samples > 0 ? Json(std::llround(card.typical)) : Json(nullptr)},
            {"growth_bytes_per_input_byte", share_json(card.growth)},
            {"promise", std::move(promise)},
            {"held", share_json(card.held)},
            {"model", card.model},
            {"drift", std::move(drift)},
            {"words", advise::in_words(card)}};
}

std::string percent(const std::optional<double>& share) {
    return share ? fmt::format("{:.1f} %", 100 * *share) : std::string("-");
}

std::string drift_text(const std::optional<advise::Drift>& drift) {
    return drift ? fmt::format("x {:.2g}, {} ago", drift->factor, drift->tasks_ago) : std::string("-");
}

std::string table(const std::vector<ModelCard>& cards) {
    std::size_t width = 4;
    for (const ModelCard& card : cards) width = std::max(width, card.kind.workflow.size() + 1 + card.kind.step.size());
    std::string text = fmt::format("{:<{}} {:>7} {:>10} {:>11} {:>9} {:>8}  {}\n", "kind", width, "samples", "typical",
                                   "95 % under", "measured", "has held", "drift");
    for (const ModelCard& card : cards) {
        const std::string typical = card.samples > 0 ? format(Bytes{std::llround(card.typical)}) : "-";
        const std::string bound = card.promise ? format(Bytes{std::llround(card.promise->bound)}) : "-";
        text += fmt::format("{:<{}} {:>7} {:>10} {:>11} {:>9} {:>8}  {}\n", card.kind.workflow + "/" + card.kind.step,
                            width, card.samples, typical, bound,
                            percent(card.promise ? card.promise->measured : std::nullopt), percent(card.held),
                            drift_text(card.drift));
    }
    return text;
}

Result<void> models(const ModelsOptions& options) {
    const history::Database history = PLIM_TRY(open_history(options.history));
    std::vector<ModelCard> cards;
    // One kind at a time, so that memory does not grow with the history.
    for (const TaskKind& kind : PLIM_TRY(kinds_of(history, options.workflow)))
        cards.push_back(PLIM_TRY(card_of(history, kind)));
    if (options.json) {
        Json kinds = Json::array();
        for (const ModelCard& card : cards) kinds.push_back(card_json(card));
        print(Json{{"kinds", std::move(kinds)}}.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
        return {};
    }
    if (cards.empty())
        return Error{ErrorKind::not_found, "no task is known yet; `plimsoll run` or `plimsoll import` teach some"};
    std::string text = table(cards) + "\n";
    for (const ModelCard& card : cards)
        text += fmt::format("{}/{}: {}\n", card.kind.workflow, card.kind.step, advise::in_words(card));
    print(text);
    return {};
}

}  // namespace

int models_command(const ModelsOptions& options) {
    const auto told = models(options);
    return told ? static_cast<int>(Exit::done) : fail(told.error());
}

}  // namespace plimsoll::cli
