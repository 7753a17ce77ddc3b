// SPDX-License-Identifier: Apache-2.0
// A [[fault]] of a scenario file -> the scenario. Internal to reading one.
#pragma once

#include "plimsoll/simulate/scenario.h"
#include "plimsoll/simulate/toml.h"

namespace plimsoll::simulate {

/// Needs the workflow and the cluster. The error tells where, and what a fault may be.
Result<void> read_fault(const TomlValue& value, Scenario& scenario);

}  // namespace plimsoll::simulate
