// SPDX-License-Identifier: Apache-2.0
// GrowthRule: how an attempt is grown that needs more memory than is held for it.
#pragma once

namespace plimsoll {

struct GrowthRule {
    double step = 0.15;   ///< of what it uses: what it is given beyond that
    double patience = 0;  ///< of its own time so far: so long it has to have used less before the difference goes back
    bool operator==(const GrowthRule&) const = default;
};

}  // namespace plimsoll
