// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/granularity.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "plimsoll/model/side_by_side.h"

namespace plimsoll::schedule {
namespace {

/// What a part costs beside its own time: its files, group, process and receipt. `./dev bench run` comes to some 5 ms
/// of CPU time a task; with its share of the decisions and of the disk no more than this.
constexpr double part_s = 0.02;
/// So much sooner it must be done to be worth more parts, and their files.
constexpr double worth = 0.98;
constexpr int rounds_most = 32;
constexpr int parts_most = 4096;
constexpr int places_explored = 64;

int places_for(const Divisible& task, double share) { return side_by_side(task.needs(share), task.room, parts_most); }

/// Parts of one size.
struct Even {
    int parts = 1, places = 1;
    double done_s = 0;
};

/// Nothing where a part of that size does not fit at all.
std::optional<Even> even(const Divisible& task, int parts) {
    const int places = std::min(places_for(task, 1.0 / parts), parts);
    if (places < 1) return std::nullopt;
    const double start_up = *task.start_up_s, work = std::max(0.0, *task.whole_s - start_up);
    const double each = start_up + work / parts + (parts > 1 ? part_s : 0);
    const double rounds = std::ceil(static_cast<double>(parts) / places - 1e-9);
    if (parts == 1) return Even{parts, places, each};
    // A place's parts add up their deviations; of `places` such sums, as of normal draws, the slowest comes about
    // sqrt(2 ln places) deviations late. Where that is more than a part, other places take over its parts.
    const double deviation = task.spread * each * std::sqrt(rounds);
    const double late = std::min(deviation * std::sqrt(2 * std::log(std::max(2, places))), each * (1 - 1.0 / places));
    return Even{parts, places, rounds * each + late + task.join_s};
}

/// Of all counts up to four rounds, and of full rounds beyond, the soonest done; fewer parts where it hardly matters.
std::optional<Even> best_even(const Divisible& task) {
    std::optional<Even> best = even(task, 1);
    int places = 1;
    for (int parts = 2; parts <= std::min(parts_most, rounds_most * places); ++parts) {
        const std::optional<Even> tried = even(task, parts);
        if (!tried) continue;
        places = std::max(places, tried->places);
        if (!best || tried->done_s < worth * best->done_s) best = tried;
        if (parts >= 4 * places) parts += places - 1;
    }
    // Where no size of up to thirty-two parts fits, ever smaller ones may.
    for (int parts = rounds_most + 1; !best && parts <= parts_most; parts *= 2) best = even(task, parts);
    return best;
}

std::vector<double> equal_shares(int parts) {
    return std::vector<double>(static_cast<std::size_t>(parts), 1.0 / parts);
}

std::string told_pieces(int parts, int places) {
    return fmt::format("{} parts, {} side by side", parts, std::min(parts, places));
}

Granularity in_one_piece(std::string reason, std::optional<double> done_s = {}) {
    return {.shares = {1.0}, .side_by_side = 1, .done_s = done_s, .reason = std::move(reason)};
}

/// Two parts for each place, one of half the size of the other; where the whole takes no longer than a few starts it
/// stays whole.
Granularity exploring(const Divisible& task) {
    constexpr double first_round = 2.0 / 3;
    int places = places_explored;
    while (places > 1 && places_for(task, first_round / places) < places) --places;
    if (places < 2) return in_one_piece("parts of it would not fit side by side");
    if (task.whole_s && *task.whole_s / places + 2 * part_s + task.join_s > worth * *task.whole_s)
        return in_one_piece(
            fmt::format("it takes {:.3g} s in one piece, and parts would be done no sooner", *task.whole_s),
            task.whole_s);
    Granularity chosen{.shares = {}, .side_by_side = places, .done_s = {}, .reason = {}};
    // In turn, so that neither size has the machine to itself at the beginning.
    for (int place = 0; place < places; ++place)
        for (const double share : {first_round, 1 - first_round}) chosen.shares.push_back(share / places);
    chosen.reason = told_pieces(2 * places, places) +
                    "; what of its time is start-up nobody knows yet, and parts of two sizes will tell";
    return chosen;
}

}  // namespace

Granularity granularity(const Divisible& task) {
    if (task.parts > 0) {
        const int places = std::max(1, places_for(task, 1.0 / task.parts));
        return {.shares = equal_shares(task.parts),
                .side_by_side = std::min(places, task.parts),
                .done_s = {},
                .reason = told_pieces(task.parts, places) + ", as the workflow says"};
    }
    if (!task.whole_s || !task.start_up_s) return exploring(task);
    const std::optional<Even> best = best_even(task);
    if (!best) return in_one_piece("no part of it fits, however small");
    if (best->parts == 1)
        return in_one_piece(
            fmt::format("it takes {:.3g} s in one piece, of which {:.3g} s are start-up; parts would be "
                        "done no sooner",
                        *task.whole_s, *task.start_up_s),
            best->done_s);
    return {.shares = equal_shares(best->parts),
            .side_by_side = best->places,
            .done_s = best->done_s,
            .reason = fmt::format("{}: start-up {:.3g} s each and {:.3g} s of work are done in about {:.3g} s, in one "
                                  "piece in {:.3g} s",
                                  told_pieces(best->parts, best->places), *task.start_up_s,
                                  std::max(0.0, *task.whole_s - *task.start_up_s), best->done_s, *task.whole_s)};
}

}  // namespace plimsoll::schedule
