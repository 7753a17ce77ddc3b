// SPDX-License-Identifier: Apache-2.0
// A run as plain lines for people, one for each thing worth knowing.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <unordered_set>

#include "plimsoll/loop/event.h"

namespace plimsoll::cli {

struct TextReport {
    bool quiet = false;    ///< only what went wrong
    bool explain = false;  ///< also why each task runs or is skipped
    std::uint32_t tasks = 0;
    std::unordered_set<TaskId> ended = {};        ///< a task that is wanted again is not
    std::set<std::string> missing_programs = {};  ///< that failed tasks did not find
    std::size_t columns = 0;                      ///< sentences keep within; 0: they are for programs and files too
    bool told_of_share = false;                   ///< what a step gets of which nothing is known startles: told once

    /// The lines for this event, each with its newline; often none.
    std::string lines_for(const loop::Event& event);

private:
    std::string failure(const loop::Event& event);
    std::string start(const loop::Event& event);
    std::string sentence(std::string_view text) const;
};

/// Lines as a terminal would have left them: what was written over is dropped, as of progress bars, and control
/// characters are shown, so that a task's colours and bells do not become those of the report.
std::string plain_text(std::string_view lines);

/// The last lines of a log, at most so many lines and bytes; "" when it cannot be read.
std::string last_lines(const std::string& path, int lines);

}  // namespace plimsoll::cli
