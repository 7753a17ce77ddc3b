// SPDX-License-Identifier: Apache-2.0
// Reads what all tasks of a step share: request, retry, limits, environment. The same keys stand in
// `defaults` and in steps.
#pragma once

#include "plimsoll/workflow/description.h"
#include "plimsoll/workflow/fields.h"

namespace plimsoll::workflow {

/// Reads the settings among the fields over those that `into` has already: amounts of a request, causes of
/// a retry and variables of an environment one by one, the rest as a whole; secrets join.
void read_settings(const Fields& fields, StepDescription& into, Reading& reading);

/// A map of environment variables.
void read_environment(const Node& node, std::map<std::string, std::string>& into, Reading& reading);
/// Names of environment variables.
void read_secrets(const Node& node, std::vector<std::string>& into, Reading& reading);

}  // namespace plimsoll::workflow
