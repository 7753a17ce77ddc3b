// SPDX-License-Identifier: Apache-2.0
// A scenario -> what each task truly does in one of its runs. Internal to playing it.
#pragma once

#include <vector>

#include "plimsoll/simulate/scenario.h"
#include "plimsoll/workflow/source.h"

namespace plimsoll::simulate {

/// What varies is drawn from the scenario's seed and the run's number.
Truth truth_of(const Scenario& scenario, int run);

/// When each task of the scenario joins.
std::vector<Instant> arrivals_of(const Scenario& scenario);

/// Sends tasks when they arrive: `arrivals` are not falling, one for each. What it is given outlives it.
class ArrivingSource final : public workflow::Source {
public:
    ArrivingSource(const std::vector<Task>& tasks, std::vector<Instant> arrivals, SimulatedEngine& engine,
                   const Clock& clock);
    std::vector<Task> poll(TaskId next_id, Instant now) override;
    bool may_send_more() const override { return sent_ < arrivals_.size(); }
    void done(TaskId, bool) override {}
    /// How many tasks have been sent.
    TaskId sent() const { return sent_; }

private:
    const std::vector<Task>& tasks_;
    std::vector<Instant> arrivals_;  ///< of each task, not falling
    TaskId sent_ = 0;
};

}  // namespace plimsoll::simulate
