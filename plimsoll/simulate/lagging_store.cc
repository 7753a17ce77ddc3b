// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/lagging_store.h"

#include <algorithm>

namespace plimsoll::simulate {

LaggingStore::LaggingStore(StoreBehaviour behaviour, std::uint64_t seed, const Clock& clock, SimulatedEngine& engine)
    : behaviour_(std::move(behaviour)), rng_(seed), clock_(clock), engine_(engine) {
    // Trouble that begins or ends wakes the loop, as a live store's descriptor would.
    for (const auto& [from, until] : behaviour_.trouble) {
        engine_.at(from, [] {});
        engine_.at(until, [] {});
    }
}

std::uint64_t LaggingStore::append(history::Entry entry) {
    if (!behaviour_.forgets) kept_.append(std::move(entry));
    const std::uint64_t number = ++appended_;
    if (lags() && !std::exchange(writing_, true)) {
        const auto most = std::max<Duration::rep>(1, behaviour_.lag_max.count());
        write(clock_.now() + Duration(rng_.between(1, most)));
    }
    return number;
}

void LaggingStore::write(Instant when) {
    engine_.at(when, [this] {
        if (const auto until = trouble_until(clock_.now())) return write(*until);
        durable_ = appended_;
        writing_ = false;
    });
}

Result<void> LaggingStore::commit() {
    if (auto why = trouble()) return *why;
    durable_ = appended_;
    return {};
}

std::optional<Error> LaggingStore::trouble() const {
    if (!trouble_until(clock_.now())) return std::nullopt;
    return unavailable("cannot write the history: No space left on device");
}

std::optional<Instant> LaggingStore::trouble_until(Instant when) const {
    for (const auto& [from, until] : behaviour_.trouble)
        if (from <= when && when < until) return until;
    return std::nullopt;
}

}  // namespace plimsoll::simulate
