// SPDX-License-Identifier: Apache-2.0
// A run's records in the words of other tools. What a format cannot hold is left out: WfFormat knows no requests and
// no failed attempts, a trace of Nextflow no workflow and no tool. What it can hold comes back by an import.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "plimsoll/model/receipt.h"
#include "plimsoll/model/run.h"

namespace plimsoll::exchange {

struct RunToExport {
    RunRecord run;
    std::vector<AttemptRecord> attempts;  ///< ended ones count; in the order of tasks and tries
    std::vector<Receipt> receipts;        ///< of its tasks, as far as they are there: files, and so who needs whom
};

/// WfFormat 1.5: the last attempt of each task, if it finished.
std::string wfformat(const RunToExport& run);
/// Nextflow's trace with raw fields, a row each attempt.
std::string nextflow_trace(const RunToExport& run);
/// Everything that is measured, a row each attempt; fields with commas, quotes or line ends are quoted.
std::string csv(const RunToExport& run);

}  // namespace plimsoll::exchange
