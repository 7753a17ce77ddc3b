// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/model/plan.h"

namespace plimsoll {

const Resources& amounts_at(const Reservation& reservation, Instant when) {
    if (reservation.phases.empty()) return reservation.amounts;
    for (const Phase& phase : reservation.phases)
        if (when < end_of(reservation.start, phase.until)) return phase.amounts;
    return reservation.phases.back().amounts;
}

Resources most_of(std::span<const Phase> phases) {
    Resources most;
    for (const Phase& phase : phases) most = max_of(most, phase.amounts);
    return most;
}

}  // namespace plimsoll
