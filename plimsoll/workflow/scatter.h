// SPDX-License-Identifier: Apache-2.0
// Scatter -> rows: the values of the scatter variables, one row for each task of the step.
#pragma once

#include <optional>
#include <vector>

#include "plimsoll/workflow/description.h"
#include "plimsoll/workflow/file_world.h"
#include "plimsoll/workflow/problem.h"
#include "plimsoll/workflow/scope.h"

namespace plimsoll::workflow {

struct ScatterPlace {
    const FileWorld& files;
    std::string_view folder;
    std::size_t rows_max = 0;  ///< more is taken for a mistake in the file
};

/// The matrix of the axes, the last one running fastest, or the explicit rows; every value is one word.
/// Nothing, with the problem told, when it has no rows, too many, or a value that does not resolve.
std::optional<std::vector<Values>> scatter_rows(const Scatter& scatter, const Scope& scope, const ScatterPlace& place,
                                                Problems& problems);

}  // namespace plimsoll::workflow
