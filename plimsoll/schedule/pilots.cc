// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/pilots.h"

#include <algorithm>
#include <cstddef>

namespace plimsoll::schedule {
namespace {

// One shows how much, a second and a third whether the input matters; more would only hold more guesses.
constexpr std::size_t pilots_most = 3;
constexpr double share_most = 0.5;
constexpr std::size_t worth_holding = 4;  ///< fewer gain less than an order that is broken may cost

std::size_t pilots_at_once(double share) {
    if (share <= 0) return pilots_most;
    return static_cast<std::size_t>(std::clamp(share_most / share, 1.0, static_cast<double>(pilots_most)));
}

/// So many of those at the places, from the middles of equal parts of the order of inputs; of equal inputs the first.
std::vector<std::size_t> spread_over_inputs(std::span<const Untried> waiting, std::vector<std::size_t> places,
                                            std::size_t count) {
    std::ranges::stable_sort(places, {}, [&](std::size_t at) { return waiting[at].input_bytes; });
    std::vector<std::size_t> chosen;
    for (std::size_t part = 0; part < count; ++part) {
        const double input = waiting[places[(2 * part + 1) * places.size() / (2 * count)]].input_bytes;
        const auto is_next = [&](std::size_t at) {
            return waiting[at].input_bytes == input && std::ranges::find(chosen, at) == chosen.end();
        };
        chosen.push_back(*std::ranges::find_if(places, is_next));
    }
    return chosen;
}

}  // namespace

bool Pilots::ended(const TaskKind& kind, bool has_finished) {
    note_change();
    if (std::size_t& running = running_[kind]; running > 0) --running;
    return has_finished && shown_.insert(kind).second;
}

std::vector<Standing> Pilots::standings(const TaskKind& kind, std::span<const Untried> waiting, double share) const {
    const auto going = running_.find(kind);
    std::size_t first = going == running_.end() ? 0 : going->second;
    if (shown_.contains(kind) || waiting.size() + first < worth_holding)
        return std::vector<Standing>(waiting.size(), Standing::usual);
    std::vector<Standing> standings(waiting.size(), Standing::held_back);
    std::vector<std::size_t> fresh;
    for (std::size_t at = 0; at < waiting.size(); ++at) {
        if (!waiting[at].has_begun) fresh.push_back(at);
        else standings[at] = Standing::pilot, ++first;
    }
    const std::size_t most = pilots_at_once(share);
    if (first >= most) return standings;
    const std::size_t wanted = std::min(most - first, fresh.size());
    for (const std::size_t at : spread_over_inputs(waiting, fresh, wanted)) standings[at] = Standing::pilot;
    return standings;
}

}  // namespace plimsoll::schedule
