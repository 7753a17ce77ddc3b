// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/main_process.h"

#include "plimsoll/machine/cgroup_file.h"

namespace plimsoll::machine {

int main_process(const Placement& placement) {
    if (placement.pid_file.empty()) return placement.pid;
    return static_cast<int>(number_in(placement.pid_file).value_or(0));
}

}  // namespace plimsoll::machine
