// SPDX-License-Identifier: Apache-2.0
// A scenario -> what each task truly does in one of its runs. Internal to playing it.
#pragma once

#include <vector>

#include "plimsoll/simulate/scenario.h"
#include "plimsoll/workflow/source.h"

namespace plimsoll::simulate {

/// What varies is drawn from the scenario's seed and the run's number.
Truth truth_of(const Scenario& scenario, int run);

/// Sends each step's tasks when they arrive. Outlived by the scenario and the engine.
class ArrivingSource final : public workflow::Source {
public:
    ArrivingSource(const Scenario& scenario, SimulatedEngine& engine, const Clock& clock);
    std::vector<Task> poll(TaskId next_id, Instant now) override;
    bool may_send_more() const override { return sent_ < arrivals_.size(); }
    void done(TaskId, bool) override {}
    /// How many tasks have been sent.
    TaskId sent() const { return sent_; }

private:
    const Scenario& scenario_;
    std::vector<Instant> arrivals_;  ///< of each task, not falling
    TaskId sent_ = 0;
};

}  // namespace plimsoll::simulate
