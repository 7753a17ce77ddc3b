// SPDX-License-Identifier: Apache-2.0
#include "benches/sizing/score.h"

#include <cmath>

namespace plimsoll::benches {

Score mean_of(const std::vector<Score>& repeats) {
    Score mean;
    const auto count = static_cast<double>(repeats.size());
    for (const Score& one : repeats) {
        for (double Score::* field :
             {&Score::tasks, &Score::over_gbh, &Score::under_gbh, &Score::cold_gbh, &Score::failed_attempts,
              &Score::failed_tasks, &Score::growths, &Score::stalled_s})
            mean.*field += one.*field / count;
        mean.promised += one.promised, mean.kept += one.kept;
        mean.forecast_us.insert(mean.forecast_us.end(), one.forecast_us.begin(), one.forecast_us.end());
        mean.learn_us.insert(mean.learn_us.end(), one.learn_us.begin(), one.learn_us.end());
    }
    double squares = 0;
    for (const Score& one : repeats) squares += std::pow(one.wastage_gbh() - mean.wastage_gbh(), 2);
    if (repeats.size() > 1) mean.spread_gbh = std::sqrt(squares / (count - 1));
    return mean;
}

}  // namespace plimsoll::benches
