// SPDX-License-Identifier: Apache-2.0
// The WfInstances table: the task graphs of the WfCommons collection, a task a row. What a task needs is told by the
// column `parents`: rows of the same file, counted from 0 within it. A table of commas; columns go by name.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "plimsoll/base/result.h"
#include "plimsoll/exchange/pieces.h"

namespace plimsoll::simulate {

struct WfTask {
    std::string type;  ///< the step
    std::string id;
    double runtime_s = 0;
    std::optional<double> cores = {};         ///< where they were recorded
    std::optional<double> memory_bytes = {};  ///< the peak, where it was measured
    std::optional<double> input_bytes = {};
    std::vector<std::size_t> parents;  ///< places in WfDag::tasks, all before this one
};

struct WfDag {
    std::string file;           ///< "pegasus/montage/montage-chameleon-2mass-01d-001.json"
    std::vector<WfTask> tasks;  ///< each after those it needs, otherwise in the order of the table
};

/// In the order of the table. Errors name the line: a parent that is not there, tasks that need each other.
Result<std::vector<WfDag>> read_wfinstances(exchange::Lines& lines);
/// Plain or gzipped.
Result<std::vector<WfDag>> read_wfinstances(const std::string& path);

}  // namespace plimsoll::simulate
