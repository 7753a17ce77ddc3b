// SPDX-License-Identifier: Apache-2.0
// The product's forecaster as a method of the bench: asked as the loop asks it.
#pragma once

#include <memory>

#include "benches/sizing/method.h"

namespace plimsoll::benches {

std::unique_ptr<Method> make_product(const MethodOptions& options);

}  // namespace plimsoll::benches
