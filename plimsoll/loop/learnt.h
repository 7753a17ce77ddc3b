// SPDX-License-Identifier: Apache-2.0
// What a run knows of its kinds of tasks before it starts: a forecaster taught by the history.
//
// It knows the newest measurements of these kinds, and of others with their tools, as of the last round number of
// measurements that the history had (the base), and all that came since, in the order in which it came. So it is the
// same whether models that the history keeps go on learning, or all is learnt anew because they are damaged, of another
// version, of an older base, or knew something that was forgotten; and learning anew never takes long.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "plimsoll/forecast/forecaster.h"
#include "plimsoll/history/database.h"

namespace plimsoll::loop {

struct ToLearn {
    std::vector<TaskKind> kinds;  ///< that will be asked for
    forecast::ForecasterOptions forecaster = {};
    std::int64_t base_step = 5000;  ///< measurements from one base to the next
};

struct Learnt {
    std::unique_ptr<forecast::Forecaster> forecaster;
    std::string name;                    ///< under which the history keeps it
    std::int64_t base = 0, through = 0;  ///< as in KeptModels
    bool is_restored = false;            ///< by kept models, which went on learning
    std::size_t learnt = 0;              ///< measurements that are not in what is kept
};

Result<Learnt> learn_history(const history::Database& history, const ToLearn& what);

/// Keeps it where that spares the next start more than it costs: not for a handful of measurements.
Result<void> keep_learnt(history::Database& history, const Learnt& learnt);

}  // namespace plimsoll::loop
