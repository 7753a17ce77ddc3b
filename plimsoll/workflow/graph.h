// SPDX-License-Identifier: Apache-2.0
// The workflow as a drawing: text for Graphviz (`plimsoll run FILE --graph | dot -Tsvg`).
#pragma once

#include <span>
#include <string>

#include "plimsoll/workflow/load.h"

namespace plimsoll::workflow {

enum class GraphOf { steps, tasks };

/// A digraph in dot: an arrow from what is needed to what needs it. Of steps: each with its number of
/// tasks; of tasks: grouped by step.
std::string dot_graph(const Workflow& workflow, std::span<const Task> tasks, GraphOf of = GraphOf::steps);

}  // namespace plimsoll::workflow
