// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/model/forecast.h"

namespace plimsoll {

std::string_view name_of(Provenance source) {
    constexpr std::string_view names[] = {"kind", "tool", "workflow", "all", "request"};
    return names[static_cast<int>(source)];
}

}  // namespace plimsoll
