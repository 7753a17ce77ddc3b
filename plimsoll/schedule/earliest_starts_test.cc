// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/earliest_starts.h"

#include <doctest/doctest.h>

#include <map>

#include "plimsoll/base/random.h"

namespace plimsoll::schedule {
namespace {

/// Nodes, and what a plan has changed of them.
class Drafted final : public DraftedNodes {
public:
    explicit Drafted(const std::vector<Calendar>& nodes) : nodes_(nodes) {}
    NodeId count() const override { return static_cast<NodeId>(nodes_.size()); }
    const Calendar& node(NodeId id) const override {
        const auto changed = changed_.find(id);
        return changed == changed_.end() ? nodes_[id] : changed->second;
    }
    std::vector<NodeId> drafted() const override {
        std::vector<NodeId> ids;
        for (const auto& [id, calendar] : changed_) ids.push_back(id);
        return ids;
    }
    void add(const Reservation& reservation) {
        changed_.try_emplace(reservation.node, nodes_[reservation.node]).first->second.add(reservation);
    }

private:
    const std::vector<Calendar>& nodes_;
    std::map<NodeId, Calendar> changed_;
};

std::optional<EarliestStart> by_looking(const Drafted& nodes, const Need& need, Duration length, Instant now) {
    return EarliestStarts().find(nodes, nullptr, need, length, now);
}

Duration some_seconds(Rng& rng, int most) { return std::chrono::seconds(rng.between(1, most)); }

// What a look at each node finds is the oracle. Reservations come and go, plans draft some of their own and forget
// them, time goes on, and asks of few sizes come again and again.
TEST_CASE("what is remembered is what a look at every node finds") {
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        CAPTURE(seed);
        Rng rng(seed);
        const auto count = static_cast<NodeId>(rng.between(1, 12));
        std::vector<Calendar> nodes(count, Calendar({.cpu = 4_cores, .memory = 4_GiB}));
        FreeIndex index(count);
        EarliestStarts starts;
        std::vector<Reservation> held;
        Instant now{};
        const auto some_reservation = [&] {
            const Instant start = now + some_seconds(rng, 20) - std::chrono::seconds(1);
            return Reservation{.amounts = {.cpu = Cores{static_cast<double>(rng.between(1, 3))}},
                               .start = start,
                               .end = start + some_seconds(rng, 20),
                               .node = static_cast<NodeId>(rng.between(0, count - 1))};
        };
        for (int plan = 0; plan < 120; ++plan) {
            now += std::chrono::seconds(rng.between(0, 2));
            for (int change = static_cast<int>(rng.between(0, 3)); change > 0; --change) {
                const bool goes = !held.empty() && rng.between(0, 1) == 0;
                if (!goes) held.push_back(some_reservation());
                const Reservation changed = held.back();
                if (goes) nodes[changed.node].remove(changed), held.pop_back();
                else nodes[changed.node].add(changed);
                index.set(changed.node, counts_of(nodes[changed.node].free_at(now)));
            }
            Drafted drafted(nodes);
            for (int ask = 0; ask < 3; ++ask) {
                const Need need = need_of({.cpu = Cores{static_cast<double>(rng.between(1, 4))}});
                const Duration length = std::chrono::seconds(rng.between(0, 1) == 0 ? 5 : 30);
                CHECK(starts.find(drafted, &index, need, length, now) == by_looking(drafted, need, length, now));
                if (rng.between(0, 1) == 0) drafted.add(some_reservation());
            }
        }
    }
}

}  // namespace
}  // namespace plimsoll::schedule
