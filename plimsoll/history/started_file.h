// SPDX-License-Identifier: Apache-2.0
// The file `started` of a run: a line for each attempt that began, written before it starts, so that the
// next Plimsoll knows what one that was killed may have left behind. Internal to `history`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/base/file.h"
#include "plimsoll/base/result.h"
#include "plimsoll/model/run.h"

namespace plimsoll::history {

class StartedFile {
public:
    static Result<StartedFile> create(const std::string& path);
    /// One write(2): survives this process, though not the machine.
    Result<void> add(const AttemptRecord& attempt);

private:
    explicit StartedFile(Fd file) : file_(std::move(file)) {}
    Fd file_;
    bool cut_short_ = false;  ///< the last line has no end
};

/// What was added: id, task_name, kind, group and started of each attempt, its last line counting. A file
/// that is not there is empty; a line that was cut short is left out.
Result<std::vector<AttemptRecord>> read_started(const std::string& path);

}  // namespace plimsoll::history
