// SPDX-License-Identifier: Apache-2.0
// GrowthSeen: how far attempts of this run came beyond what they were started with, so that room is kept for the
// next ones to do so.
//
// Not before: requests and bounds are kept as a rule, and room for the exception would cost every run.
#pragma once

#include <map>
#include <set>

#include "plimsoll/model/task.h"

namespace plimsoll::loop {

class GrowthSeen {
public:
    /// An attempt wants `factor` times what was planned. `is_request`: that was the user's word, and nothing more.
    void wants(const TaskKind& kind, double factor, bool is_request);
    /// An attempt has finished. What it wanted meanwhile was told before.
    void finished(const TaskKind& kind, bool is_request);
    /// How far beyond what it starts with the next attempt of the kind may come, and a little more; 1: no further.
    double of(const TaskKind& kind, bool is_request) const;

private:
    std::map<TaskKind, double> of_kind_;  ///< the most that one wanted / what was planned
    // Of kinds that were given what the user asked for.
    std::set<TaskKind> requests_kept_;
    std::set<TaskKind> requests_outgrown_;
    double of_requests_ = 1;
};

}  // namespace plimsoll::loop
