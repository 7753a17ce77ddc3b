// SPDX-License-Identifier: Apache-2.0
// Deviations: what of one attempt is not as it was set, each told once.
//
// Memory is compared with what was set. Of the other limits the kernel shows another text than what was written, so
// that they are compared with what it showed first.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "plimsoll/machine/cgroup.h"
#include "plimsoll/model/limits.h"
#include "plimsoll/model/plan.h"
#include "plimsoll/shape/limit_writer.h"

namespace plimsoll::shape {

class Deviations {
public:
    /// What there is to tell next. A limit that was changed is noted in `held`, so that the next write restores it.
    /// Reads a few files, and two of each process of the attempt.
    std::optional<Deviation> next(const machine::CgroupTree& tree, const Placement& placement, Limits& held,
                                  const std::string& proc);
    /// Other limits have been written: what their files show next is as it should be.
    void on_written(const Limits& before, const Limits& now);

private:
    std::optional<Deviation> changed_text(const machine::CgroupTree& tree, const std::string& group, Limits& held);
    std::optional<Deviation> left(const machine::CgroupTree& tree, const Placement& placement, const std::string& proc);

    bool has_vanished_ = false;
    std::map<std::string, std::string> shown_;  ///< file -> its text
    std::set<int> outside_;                     ///< processes that were not in the group at the last look
    std::set<int> told_;
};

}  // namespace plimsoll::shape
