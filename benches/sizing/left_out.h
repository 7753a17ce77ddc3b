// SPDX-License-Identifier: Apache-2.0
// What constants chosen without a workflow are worth on it: the guard against fitting the traces at hand.
#pragma once

#include <string>
#include <vector>

#include "benches/sizing/protocols.h"
#include "plimsoll/base/clock.h"
#include "plimsoll/base/result.h"

namespace plimsoll::benches {

/// The grid of constants that compete; the product's own are among them.
std::vector<forecast::MixtureConstants> candidate_constants();

/// The candidate with the least mean logarithm of wastage over all columns but one; `skipped` beyond them: over all.
/// `wastage`: a row for each candidate, a column for each workflow (and protocol), above 0; columns of one workflow are
/// told by `workflow_of`.
std::size_t cheapest_without(const std::vector<std::vector<double>>& wastage,
                             const std::vector<std::string>& workflow_of, const std::string& skipped);

/// A table in Markdown: for protocols P and W, each workflow with the product's constants and with those that would
/// have been chosen from the others. Takes minutes.
Result<std::string> table_of_left_out(const Bench& bench, const Clock& clock);

}  // namespace plimsoll::benches
