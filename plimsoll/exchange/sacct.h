// SPDX-License-Identifier: Apache-2.0
// Slurm's accounting: what `sacct -P` prints, with whatever columns were asked for.
//
// A job is one row, its steps (.batch, .extern, .0 ...) follow it: the request stands on the job's row, the use on the
// steps'. The batch step's processes live beside those of numbered steps, and numbered steps may run side by side, so
// a job's peak is batch + extern + the most of numbered steps at a time: at least its need, unless each peaked at
// another moment. MaxRSS is that of a step's largest task: of several tasks the sum that TRESUsageInTot tells is taken,
// or MaxRSS times their number.
//
// Traps: names with the separator in them (not escaped by sacct), -X (no steps, so no use), --units, ReqMem of each
// CPU or node, jobs on several nodes (MaxRSS says nothing of each), jobs shorter than the sampling (MaxRSS 0), arrays
// and het jobs, requeued jobs (the same id several times), rows of jobs that have not ended.
#pragma once

#include "plimsoll/exchange/imported.h"
#include "plimsoll/exchange/pieces.h"

namespace plimsoll::exchange {

/// Reads the dump to its end. Errors: invalid where this is no such dump, or cannot be read on.
Result<void> read_sacct(Lines& lines, const ReadOptions& options, Into& into);

}  // namespace plimsoll::exchange
