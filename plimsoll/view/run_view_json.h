// SPDX-License-Identifier: Apache-2.0
// A RunView as the one JSON object that runners publish and `plimsoll watch --json` prints; promised in
// docs/reference/schemas/watch.schema.json.
#pragma once

#include <string>
#include <string_view>

#include "plimsoll/base/result.h"
#include "plimsoll/view/machine_view.h"
#include "plimsoll/view/run_view.h"

namespace plimsoll::view {

/// One line, without its newline. Names that are no UTF-8 are told with U+FFFD.
std::string to_json(const RunView& run);
/// damaged: it is not what to_json() writes.
Result<RunView> parse_run_view(std::string_view json);
/// Of `plimsoll top --json`; docs/reference/schemas/top.schema.json.
std::string to_json(const MachineView& machine);

}  // namespace plimsoll::view
