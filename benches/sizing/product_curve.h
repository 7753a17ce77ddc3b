// SPDX-License-Identifier: Apache-2.0
// The product's forecasts over time as a method of the bench.
#pragma once

#include <memory>

#include "benches/sizing/over_time.h"

namespace plimsoll::benches {

std::unique_ptr<CurveMethod> make_product_curve(const MethodOptions& options, bool grows);

}  // namespace plimsoll::benches
