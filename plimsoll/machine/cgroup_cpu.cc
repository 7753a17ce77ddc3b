// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/cgroup_cpu.h"

#include <algorithm>
#include <cmath>

#include "plimsoll/machine/cgroup_file.h"

namespace plimsoll::machine {

void set_cgroup_cpu_weight(const CgroupTree& tree, const std::string& name, Cores cores) {
    if (tree.cpu.empty() || tree.cpu != tree.unified) return;
    // The kernel's default of 100 is one core; its range is 1 to 10,000.
    const long weight = std::clamp(std::lround(cores.count * 100), 1L, 10'000L);
    (void)write_group_file(tree.unified + "/" + name, "cpu.weight", std::to_string(weight));
}

}  // namespace plimsoll::machine
