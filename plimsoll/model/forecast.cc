// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/model/forecast.h"

#include <iterator>

namespace plimsoll {
namespace {

constexpr std::string_view provenances[] = {"kind", "tool", "workflow", "all", "request"};

}  // namespace

std::string_view name_of(Provenance source) { return provenances[static_cast<int>(source)]; }

Result<Provenance> parse_provenance(std::string_view name) {
    for (std::size_t at = 0; at < std::size(provenances); ++at)
        if (provenances[at] == name) return static_cast<Provenance>(at);
    return invalid("'" + std::string(name) + "' is not where a forecast comes from");
}

}  // namespace plimsoll
