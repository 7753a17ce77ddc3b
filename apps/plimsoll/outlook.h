// SPDX-License-Identifier: Apache-2.0
// What a run would do, as far as can be known beforehand: which tasks would run, why, and with which sizes.
// For --dry-run and `predict`.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "plimsoll/loop/ask.h"
#include "plimsoll/workflow/workspace.h"

namespace plimsoll::cli {

struct Outlook {
    const Task* task = nullptr;
    bool would_run = true;
    std::string reason;
    loop::Ask ask;
};

/// One for each task, in order. Sizes of inputs that are not there yet are unknown to the forecast.
std::vector<Outlook> outlook(std::span<const Task> tasks, workflow::Workspace& workspace, const std::string& machine,
                             const forecast::Forecaster& forecaster, const loop::SizingTerms& terms);

/// The column that holds the names of all; names above it stand out of it, so that one long name costs one line.
std::size_t name_width(std::span<const Outlook> all);

/// The runtime to expect, or "-" where nothing is known of it.
std::string typical_runtime(const Outlook& seen);

}  // namespace plimsoll::cli
