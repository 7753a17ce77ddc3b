// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/model/need.h"

#include <algorithm>

namespace plimsoll {

Need need_of(const Resources& amounts, std::span<const Phase> phases) {
    Need need;
    Duration begin{};
    for (const Phase& phase : phases) {
        const bool is_last = &phase == &phases.back();
        if (phase.until <= begin && !is_last) continue;
        const ResourceCounts counts = counts_of(phase.amounts);
        for (std::size_t kind = 0; kind < counts.size(); ++kind)
            need.most[kind] = std::max(need.most[kind], counts[kind]);
        begin = std::max(begin, phase.until);
        if (need.stretches.empty() || need.stretches.back().counts != counts) need.stretches.push_back({begin, counts});
        else need.stretches.back().until = begin;
    }
    if (phases.empty()) need.most = counts_of(amounts);
    // How long the last one was said to be makes no difference: it lasts to the end.
    if (need.stretches.size() > 1) need.stretches.back().until = Duration::max();
    else need.stretches.clear();
    return need;
}

}  // namespace plimsoll
