// SPDX-License-Identifier: Apache-2.0
// Reads the top of a workflow file: parameters with their overrides, inputs, defaults, and the steps in
// their order.
#pragma once

#include "plimsoll/workflow/description.h"
#include "plimsoll/workflow/fields.h"
#include "plimsoll/workflow/file_world.h"
#include "plimsoll/workflow/load.h"

namespace plimsoll::workflow {

/// Fills `reading.globals` with the parameters and the inputs as found in `files`, under `folder`.
Description read_workflow(Node root, std::string default_name, std::string_view folder, const FileWorld& files,
                          const LoadOptions& options, Reading& reading);

}  // namespace plimsoll::workflow
