// SPDX-License-Identifier: Apache-2.0
// The shares that weighted max-min and dominant-resource fairness come to where work can be divided at will: what
// discrete turns are measured against.
#pragma once

#include <span>
#include <vector>

#include "plimsoll/model/resources.h"

namespace plimsoll::schedule {

/// Who asks for multiples of one bundle.
struct FluidUser {
    Resources bundle;
    double weight = 1;
    double most = 1e18;  ///< bundles that it has use for
};

/// How many bundles each gets. All dominant shares for their weights rise together; who lacks a kind that is used up,
/// or has all it can use, stops there and the others go on (progressive filling). With one kind of resource that is
/// weighted max-min fairness. A user who asks for nothing gets nothing.
std::vector<double> fluid_shares(std::span<const FluidUser> users, const Resources& capacity);

}  // namespace plimsoll::schedule
