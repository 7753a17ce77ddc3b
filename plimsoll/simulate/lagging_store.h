// SPDX-License-Identifier: Apache-2.0
// A store whose disk takes its time: what is appended becomes durable a random while later, all that waits at
// once, as under a group commit by a thread of its own. It can be in trouble for a while, like a full disk.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "plimsoll/base/clock.h"
#include "plimsoll/base/random.h"
#include "plimsoll/history/memory_store.h"
#include "plimsoll/simulate/simulated_engine.h"

namespace plimsoll::simulate {

/// A lag of zero and no trouble: durable as soon as the loop commits, nothing behind its back.
struct StoreBehaviour {
    Duration lag_max{};
    /// From, until: nothing becomes durable in between.
    std::vector<std::pair<Instant, Instant>> trouble;
    bool forgets = false;  ///< entries are counted and not kept: of runs that nobody reads afterwards
};

class LaggingStore final : public history::Store {
public:
    /// Wakes the loop through `engine`; both and the clock outlive it.
    LaggingStore(StoreBehaviour behaviour, std::uint64_t seed, const Clock& clock, SimulatedEngine& engine);

    std::uint64_t append(history::Entry entry) override;
    Result<void> commit() override;
    std::uint64_t durable_through() const override { return durable_; }
    std::optional<Error> trouble() const override;
    int wake_fd() const override { return lags() ? engine_wakes : -1; }

    const history::MemoryStore& kept() const { return kept_; }

private:
    // Nobody polls it: the simulated engine comes back from its wait by itself.
    static constexpr int engine_wakes = 0;

    bool lags() const { return behaviour_.lag_max > Duration::zero() || !behaviour_.trouble.empty(); }
    std::optional<Instant> trouble_until(Instant when) const;
    void write(Instant when);

    StoreBehaviour behaviour_;
    Rng rng_;
    const Clock& clock_;
    SimulatedEngine& engine_;
    history::MemoryStore kept_;
    std::uint64_t appended_ = 0;
    bool writing_ = false;  ///< the next write is on its way
    std::uint64_t durable_ = 0;
};

}  // namespace plimsoll::simulate
