// SPDX-License-Identifier: Apache-2.0
// The mounted cgroup hierarchies and this process's place in them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::machine {

/// One mounted hierarchy: its controllers (of v1), where it is mounted, and which of its groups that shows.
struct Hierarchy {
    bool is_v2 = false;
    std::vector<std::string> controllers;
    std::string mount_point;
    std::string mount_root;
    std::string own_group;  ///< ours within the hierarchy, from the mount's root

    bool has(std::string_view controller) const;
};

/// From /proc/self/mountinfo and /proc/self/cgroup below `root` ("" on a machine); none when unreadable.
std::vector<Hierarchy> read_hierarchies(const std::string& root);

}  // namespace plimsoll::machine
