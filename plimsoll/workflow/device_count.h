// SPDX-License-Identifier: Apache-2.0
// How many GPUs a task asks for: whole devices, or a share of one.
#pragma once

#include <string_view>

#include "plimsoll/base/result.h"

namespace plimsoll::workflow {

/// "2" or "0.25"; a share in thousandths. invalid: neither whole devices nor a share of one, or more than 1024.
Result<double> parse_devices(std::string_view text);

}  // namespace plimsoll::workflow
