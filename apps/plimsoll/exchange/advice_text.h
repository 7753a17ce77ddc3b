// SPDX-License-Identifier: Apache-2.0
// Advice as a table for a terminal of 80 columns.
#pragma once

#include <span>
#include <string>

#include "apps/plimsoll/exchange/exchange_commands.h"
#include "plimsoll/advise/advice.h"

namespace plimsoll::cli {

/// Those that the table has room for.
std::span<const advise::KindAdvice> shown_of(std::span<const advise::KindAdvice> all, const AdviseOptions& options);

/// With `known`, what is known of the kinds in words, between the sums and the last line.
std::string advice_text(std::span<const advise::KindAdvice> all, const std::string& known,
                        const AdviseOptions& options);

}  // namespace plimsoll::cli
