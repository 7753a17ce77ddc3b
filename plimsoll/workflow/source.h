// SPDX-License-Identifier: Apache-2.0
// Source: where tasks come from. A workflow file is one; a socket, sbatch, Nextflow and REST are others.
// Tasks may join at any time; nobody may rest on knowing all of them at the start.
#pragma once

#include <optional>
#include <vector>

#include "plimsoll/base/time.h"
#include "plimsoll/model/outcome.h"
#include "plimsoll/model/task.h"

namespace plimsoll::workflow {

class Source {
public:
    virtual ~Source() = default;
    /// The tasks that joined since the last call, numbered from `next_id` on. What a task needs has
    /// joined before it, or stands before it in the same answer. The tasks' steps outlive the run.
    virtual std::vector<Task> poll(TaskId next_id, Instant now) = 0;
    /// Will more tasks ever join? While true, a run with nothing left to do waits.
    virtual bool may_send_more() const = 0;
    /// The task's last word: it came out so, and will not run again in this run.
    virtual void done(TaskId task, bool succeeded) = 0;
};

/// A source of tasks that are all known from the start.
class FixedSource final : public Source {
public:
    /// The tasks' own ids (0 ... n-1) are kept if this is the run's only source, else shifted.
    explicit FixedSource(std::vector<Task> tasks) : tasks_(std::move(tasks)) {}
    std::vector<Task> poll(TaskId next_id, Instant now) override;
    bool may_send_more() const override { return !sent_; }
    void done(TaskId, bool) override {}

private:
    std::vector<Task> tasks_;
    bool sent_ = false;
};

}  // namespace plimsoll::workflow
