// SPDX-License-Identifier: Apache-2.0
// A workflow as a line of text: "index; align*4 <- index; merge <- align". Steps stand in order, each after
// what it needs; a step drawn with "*4" has four tasks (align[0] ... align[3]), and a step that needs it needs
// all of them, unless it has as many tasks itself: then each needs its own.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/base/result.h"
#include "plimsoll/model/task.h"

namespace plimsoll::simulate {

/// Tasks point into `steps`: moves, does not copy.
struct Drawing {
    std::deque<Step> steps;
    std::vector<Task> tasks;

    Drawing() = default;
    Drawing(Drawing&&) noexcept = default;
    Drawing& operator=(Drawing&&) noexcept = default;

    /// Null when no step is called that.
    Step* step(std::string_view name);
    /// Each task's output, a file that is named for it: "align[0].out", becomes temporary.
    void make_temporary(std::string_view step);
};

/// Every step gets `request`. An error tells which word could not be read.
Result<Drawing> draw(std::string_view text, const Request& request = {});

}  // namespace plimsoll::simulate
