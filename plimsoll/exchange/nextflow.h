// SPDX-License-Identifier: Apache-2.0
// Nextflow's trace (-with-trace): a table of tasks, tab, comma or semicolon between fields, names of columns in its
// first line. Raw (bytes, ms, epoch) or for people ("29.8 MB", "1m 30s", "2026-01-02 03:04:05.678"); each field is
// looked at by itself. "-" is missing; Nextflow's MB and GB are binary.
//
// A trace does not tell the size of a task's inputs: what it read (rchar) stands for it. peak_rss is sampled and of the
// task's whole tree, from /proc: page cache apart. An attempt that failed with an exit code that Nextflow retries for
// memory (137: killed, 140: Slurm's and SGE's limit) and that asked for memory counts as stopped at that.
#pragma once

#include "plimsoll/exchange/imported.h"
#include "plimsoll/exchange/pieces.h"

namespace plimsoll::exchange {

/// Errors: invalid where the first line is no trace's.
Result<void> read_nextflow(Lines& lines, const ReadOptions& options, Into& into);

}  // namespace plimsoll::exchange
