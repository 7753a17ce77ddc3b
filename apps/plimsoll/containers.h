// SPDX-License-Identifier: Apache-2.0
// What a workflow's containers need of this machine: something that runs them, and their images.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "plimsoll/machine/container_engine.h"
#include "plimsoll/workflow/load.h"

namespace plimsoll::cli {

enum class AbsentImages { fetch, leave };

/// Looks up what each image is on this machine, fetching those that are not there, and tells the steps: a task whose
/// image has changed runs again. Steps other than `only` are left out (empty: none is). Nothing where no step names an
/// image. Errors name the place in the workflow.
Result<std::optional<machine::ContainerEngine>> ready_containers(workflow::Workflow& workflow,
                                                                 std::span<const std::string> only,
                                                                 const std::string& wanted, bool use_cgroups,
                                                                 AbsentImages absent);

/// Removes what runs that died left of their containers; `engine` is looked for where it is not known.
void remove_left_containers(const std::optional<machine::ContainerEngine>& engine, const std::string& wanted);

/// What `check` has to say beside mistakes: "3 images; not here yet, to be fetched by the first run: x". "" for
/// nothing.
std::string image_notes(const workflow::Workflow& workflow, const std::string& wanted);

}  // namespace plimsoll::cli
