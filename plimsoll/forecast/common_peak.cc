// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/common_peak.h"

#include "plimsoll/forecast/forecaster.h"

namespace plimsoll::forecast {
namespace {

constexpr std::size_t kinds_least = 3;
constexpr std::uint32_t samples_least = 20;
constexpr double alike = 2;  ///< the largest kind over the smallest; and the room that an unknown one gets
// Below what any attempt is given small ones do not differ.
constexpr auto negligible = static_cast<double>(least_memory.count);

}  // namespace

void CommonPeak::add(const TaskKind& kind, double peak) {
    ++samples_;
    const auto [known, is_new] = largest_of_.try_emplace(kind, peak);
    if (!is_new) {
        if (peak <= known->second) return;
        largest_.erase(largest_.find(known->second));
        known->second = peak;
    }
    largest_.insert(peak);
}

std::optional<double> CommonPeak::bound() const {
    if (largest_.size() < kinds_least || samples_ < samples_least) return std::nullopt;
    if (*largest_.rbegin() + negligible > alike * (*largest_.begin() + negligible)) return std::nullopt;
    return alike * *largest_.rbegin();
}

}  // namespace plimsoll::forecast
