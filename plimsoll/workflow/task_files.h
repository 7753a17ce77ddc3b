// SPDX-License-Identifier: Apache-2.0
// The files of one task as they are on disk right now: its inputs with what is seen of them, its outputs
// with patterns expanded.
#pragma once

#include <string>
#include <vector>

#include "plimsoll/model/task.h"
#include "plimsoll/workflow/receipt_book.h"
#include "plimsoll/workflow/stamps.h"

namespace plimsoll::workflow {

struct InputFile {
    std::string path;
    Sighting seen;                    ///< nothing: it is not there
    const FileStamp* made = nullptr;  ///< of one that is not there: what the receipt of its maker says
};

/// Every input; one that is not there but is a pattern stands for the files it matches.
std::vector<InputFile> see_inputs(const Task& task, const std::string& folder, const Stamps& stamps,
                                  const ReceiptBook& receipts);

/// Sizes and numbers a forecast may use; the machine is left open.
Features features_of(const Task& task, const std::vector<InputFile>& inputs);

/// Of those bytes, what a split can cut; 0 for a task that is not split.
Bytes divisible_of(const Task& task, const std::vector<InputFile>& inputs);

/// The folder in which an output, or all that its pattern can match, will lie; "" is the workflow's own.
std::string folder_of_output(const std::string& path);

/// Refuses a task that reads what it writes: an output that is also an input, or lies in one. invalid.
Result<void> refuse_overlap(const Task& task);

}  // namespace plimsoll::workflow
