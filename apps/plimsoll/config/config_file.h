// SPDX-License-Identifier: Apache-2.0
// Which config file holds for a command, and the queues that a run shares the machine by.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "plimsoll/config/read_config.h"
#include "plimsoll/model/task.h"

namespace plimsoll::cli {

/// The file that the user named; else the one in the XDG place, if it is there; else the defaults. An error tells
/// everything that is wrong in it.
Result<config::Config> load_config(const std::optional<std::string>& named);

/// Steps that name no queue stand in `queue`, where that is not "". Then the queues that hold for all steps.
Result<std::vector<QueueSpec>> assign_queues(const config::Config& config, const std::string& queue,
                                             std::span<Step* const> steps);

}  // namespace plimsoll::cli
