// SPDX-License-Identifier: Apache-2.0
// LocalLimits: holds attempts on this machine to their limits, by their cgroups where they have some.
//
// |         | v2 and the hybrid | v1                | without groups                  |
// |---------|-------------------|-------------------|---------------------------------|
// | memory  | memory.max, or v1 | limit_in_bytes    | not limited                     |
// | notices | memory.high, or v1| usage threshold   | none                            |
// | waiting | cgroup.freeze     | freezer.state     | SIGSTOP to each of its processes |
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "plimsoll/machine/cgroup.h"
#include "plimsoll/shape/deviations.h"
#include "plimsoll/shape/limit_writer.h"
#include "plimsoll/shape/memory_watch.h"
#include "plimsoll/shape/stopped_tree.h"

namespace plimsoll::shape {

class LocalLimits final : public LimitWriter {
public:
    /// `tree` is the one in which the engine makes the attempts' groups; `root` stands in front of /proc.
    explicit LocalLimits(machine::CgroupTree tree, std::string root = {});

    Abilities abilities() const override;
    void watch(AttemptId attempt, const Placement& placement, const Limits& limits) override;
    void forget(AttemptId attempt) override;
    Result<void> set(AttemptId attempt, const Limits& limits) override;
    Result<void> freeze(AttemptId attempt) override;
    Result<void> thaw(AttemptId attempt) override;
    std::vector<Pressed> take_pressed() override;
    std::optional<Deviation> inspect(AttemptId attempt) override;
    int wake_fd() const override;

private:
    struct Watched {
        Placement placement;
        Limits held;
        Deviations deviations;
        std::optional<StoppedTree> tree;  ///< where it has no group that can be frozen
    };

    Watched* find(AttemptId attempt);

    machine::CgroupTree tree_;
    std::string root_;
    std::unique_ptr<MemoryWatch> memory_;  ///< null where memory is not limited
    std::map<AttemptId, Watched> watched_;
};

}  // namespace plimsoll::shape
