// SPDX-License-Identifier: Apache-2.0
// Every kind of cgroups that this machine has memory limits in: what is found, and the v1 part of a hybrid alone.
#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <vector>

#include "plimsoll/machine/cgroup.h"
#include "tests/skip.h"

namespace plimsoll {

inline std::vector<machine::CgroupTree> cgroup_trees() {
    std::vector<machine::CgroupTree> found = {machine::find_cgroups()};
    if (found[0].kind == machine::CgroupKind::hybrid && !found[0].freezer.empty()) {
        found.push_back(found[0]);
        found[1].unified.clear();
        found[1].kind = machine::CgroupKind::v1;
    }
    std::erase_if(found, [](const machine::CgroupTree& tree) { return tree.memory.empty(); });
    return found;
}

/// Runs the test on each of them; a skip where there is none.
inline void on_each_tree(const std::function<void(const machine::CgroupTree&)>& test) {
    const std::vector<machine::CgroupTree> trees = cgroup_trees();
    if (trees.empty()) PLIM_SKIP("no memory cgroup that this user may use");
    for (const machine::CgroupTree& tree : trees) {
        const std::string kind(machine::name_of(tree.kind));
        CAPTURE(kind);
        test(tree);
    }
}

}  // namespace plimsoll
