// SPDX-License-Identifier: Apache-2.0
// A process and all that descends from it, where the kernel lists children: at the cost of what the tree has, not
// of all processes there are.
#pragma once

#include <string>
#include <vector>

namespace plimsoll::machine {

/// `root` first; none when it is gone. Only `root` where the kernel lists no children (CONFIG_PROC_CHILDREN).
/// Whose parent has ended belongs to the sub-reaper and is not found.
std::vector<int> process_tree(int root, const std::string& proc = "/proc");

}  // namespace plimsoll::machine
