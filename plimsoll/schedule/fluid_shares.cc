// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/fluid_shares.h"

#include <algorithm>
#include <array>
#include <limits>

namespace plimsoll::schedule {
namespace {

using Amounts = std::array<double, resource_kind_count>;

Amounts amounts_of(const Resources& resources) {
    Amounts amounts{};
    for (int kind = 0; kind < resource_kind_count; ++kind)
        amounts[static_cast<std::size_t>(kind)] = resources.amount(static_cast<ResourceKind>(kind));
    return amounts;
}

/// A user while the shares rise.
struct Riser {
    Amounts bundle{};
    double rate = 0;  ///< bundles by which it grows while weighted shares rise by 1
    double got = 0;
    double most = 0;
    bool rises = false;
};

// Sums of many small steps never meet a capacity exactly.
constexpr double exhausted = 1e-12;

bool lacks_a_kind(const Riser& riser, const Amounts& free, const Amounts& capacity) {
    for (std::size_t kind = 0; kind < free.size(); ++kind)
        if (riser.bundle[kind] > 0 && free[kind] <= exhausted * capacity[kind]) return true;
    return false;
}

/// By how much weighted shares can rise until somebody has to stop.
double next_stop(std::span<const Riser> risers, const Amounts& free) {
    double rise = std::numeric_limits<double>::infinity();
    Amounts rate{};
    for (const Riser& riser : risers) {
        if (!riser.rises) continue;
        rise = std::min(rise, (riser.most - riser.got) / riser.rate);
        for (std::size_t kind = 0; kind < rate.size(); ++kind) rate[kind] += riser.rate * riser.bundle[kind];
    }
    for (std::size_t kind = 0; kind < rate.size(); ++kind)
        if (rate[kind] > 0) rise = std::min(rise, free[kind] / rate[kind]);
    return rise;
}

}  // namespace

std::vector<double> fluid_shares(std::span<const FluidUser> users, const Resources& capacity) {
    const Amounts all = amounts_of(capacity);
    Amounts free = all;
    std::vector<Riser> risers;
    for (const FluidUser& user : users) {
        const double share = dominant_share(user.bundle, capacity);
        Riser& riser = risers.emplace_back(Riser{.bundle = amounts_of(user.bundle), .most = user.most});
        riser.rises = share > 0 && user.weight > 0 && user.most > 0;
        if (riser.rises) riser.rate = user.weight / share;
    }
    while (true) {
        for (Riser& riser : risers)
            riser.rises &= riser.got < riser.most * (1 - exhausted) && !lacks_a_kind(riser, free, all);
        if (std::ranges::none_of(risers, &Riser::rises)) break;
        const double rise = next_stop(risers, free);
        for (Riser& riser : risers) {
            if (!riser.rises) continue;
            riser.got += riser.rate * rise;
            for (std::size_t kind = 0; kind < free.size(); ++kind) free[kind] -= riser.rate * rise * riser.bundle[kind];
        }
    }
    std::vector<double> shares;
    for (const Riser& riser : risers) shares.push_back(riser.got);
    return shares;
}

}  // namespace plimsoll::schedule
