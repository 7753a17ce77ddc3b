// SPDX-License-Identifier: Apache-2.0
// The protocols on peaks. P, W, X and K are causal: before a task starts, exactly the tasks that completed by then
// have been learnt. S learns each kind by itself in a given order. README.md beside this says the rest.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <vector>

#include "benches/sizing/method.h"
#include "benches/sizing/orders.h"
#include "benches/sizing/score.h"
#include "plimsoll/base/clock.h"

namespace plimsoll::benches {

/// P, K and, with one method over several traces, X. W: the rows in `beforehand` are learnt first, in order of their
/// start, and not scored. `clock` times forecasts and learning.
Score replay_causal(const std::vector<TraceTask>& trace, Method& method, const MethodOptions& options,
                    const Clock& clock, const std::set<std::size_t>& beforehand = {});

/// S. `make` gives a method that knows nothing; each kind gets one.
Score replay_split(const std::vector<TraceTask>& trace, const Splits& splits,
                   const std::function<std::unique_ptr<Method>()>& make, const MethodOptions& options,
                   const Clock& clock);

}  // namespace plimsoll::benches
