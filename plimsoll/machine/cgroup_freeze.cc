// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/cgroup_freeze.h"

#include "plimsoll/base/file.h"
#include "plimsoll/machine/cgroup_file.h"

namespace plimsoll::machine {

bool can_freeze(const CgroupTree& tree) { return !tree.unified.empty() || !tree.freezer.empty(); }

Result<void> freeze_cgroup(const CgroupTree& tree, const std::string& name) {
    if (!tree.unified.empty()) return write_group_file(tree.unified + "/" + name, "cgroup.freeze", "1");
    return write_group_file(tree.freezer + "/" + name, "freezer.state", "FROZEN");
}

Result<void> thaw_cgroup(const CgroupTree& tree, const std::string& name) {
    if (!tree.unified.empty()) return write_group_file(tree.unified + "/" + name, "cgroup.freeze", "0");
    return write_group_file(tree.freezer + "/" + name, "freezer.state", "THAWED");
}

bool is_cgroup_frozen(const CgroupTree& tree, const std::string& name) {
    if (!tree.unified.empty()) return number_in(tree.unified + "/" + name + "/cgroup.events", "frozen") == 1;
    const auto state = read_file(tree.freezer + "/" + name + "/freezer.state");
    return state && state->starts_with("FROZEN");
}

}  // namespace plimsoll::machine
