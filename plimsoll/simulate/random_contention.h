// SPDX-License-Identifier: Apache-2.0
// A seed -> a scenario in which nothing goes wrong and work waits for long: for whose turn it is, and for deadlines.
// Small enough that the books tell what must come of it (share_laws.h, promised_deadlines.h).
#pragma once

#include "plimsoll/base/random.h"
#include "plimsoll/simulate/scenario.h"

namespace plimsoll::simulate {

/// Queues of some weights, priorities and disciplines, each with work from the start.
void make_shares(Scenario& scenario, Rng& rng);
/// Queues that come one after another, and take back what those before them have borrowed.
void make_reclaim(Scenario& scenario, Rng& rng);
/// One queue, in which work comes faster than it is done, for minutes.
void make_stream(Scenario& scenario, Rng& rng);
/// A workflow of which some steps have deadlines that can just be kept.
void make_deadlines(Scenario& scenario, Rng& rng);

}  // namespace plimsoll::simulate
