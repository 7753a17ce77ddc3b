// SPDX-License-Identifier: Apache-2.0
// What `plimsoll exec` tells of a command: a few lines for people, one JSON object for programs.
#pragma once

#include <optional>
#include <string>

#include "plimsoll/loop/ask.h"
#include "plimsoll/model/run.h"

namespace plimsoll::cli {

struct ExecReport {
    RunId run;
    std::string name;
    int exit_code = 0;                     ///< as the command gave it, or 128 + signal
    std::optional<AttemptRecord> attempt;  ///< none where it never started
    loop::Ask next;                        ///< what the same command would be given now
};

/// "sort: done in 12.3 s" and a table of used, reserved and next time; lines of at most 80 columns.
std::string exec_text(const ExecReport& report);
/// True to docs/reference/schemas/exec.schema.json; ends in a newline.
std::string exec_json(const ExecReport& report);

}  // namespace plimsoll::cli
