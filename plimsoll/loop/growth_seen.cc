// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/loop/growth_seen.h"

#include <algorithm>

namespace plimsoll::loop {
namespace {

constexpr double margin = 1.1;

// One bad request among the others says how bad requests can be, not how bad they are.
constexpr double most_by_others = 2;

}  // namespace

void GrowthSeen::wants(const TaskKind& kind, double factor, bool is_request) {
    double& seen = of_kind_.try_emplace(kind, 1).first->second;
    seen = std::max(seen, factor);
    if (!is_request || factor <= 1) return;
    requests_outgrown_.insert(kind);
    requests_kept_.erase(kind);
    of_requests_ = std::max(of_requests_, factor);
}

void GrowthSeen::finished(const TaskKind& kind, bool is_request) {
    if (is_request && !requests_outgrown_.contains(kind)) requests_kept_.insert(kind);
}

double GrowthSeen::of(const TaskKind& kind, bool is_request) const {
    if (const auto seen = of_kind_.find(kind); seen != of_kind_.end()) return seen->second * margin;
    // Whoever asks for too little for most steps does so for the next one.
    const bool asks_too_little = requests_outgrown_.size() > requests_kept_.size();
    if (!is_request || !asks_too_little || requests_kept_.contains(kind)) return 1;
    return std::min(of_requests_ * margin, most_by_others);
}

}  // namespace plimsoll::loop
