// SPDX-License-Identifier: Apache-2.0
// Which process runs an attempt's command: in a container it is not the one that the engine has started.
#pragma once

#include "plimsoll/model/plan.h"

namespace plimsoll::machine {

/// 0 while it is not there.
int main_process(const Placement& placement);

}  // namespace plimsoll::machine
