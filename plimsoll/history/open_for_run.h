// SPDX-License-Identifier: Apache-2.0
// The history of a run about to begin, and what becomes of a run whose history cannot be written.
//
// A history that the user named must work, or the run does not begin. Where none was named and the usual
// place cannot be written (a read-only home, no home at all, a file system without locks), the run
// goes on and says so before it starts anything: its results are right, but nothing is remembered of it, so that
// the next run repeats its work, and sizes come from what could be read alone. A damaged history and one of
// a newer Plimsoll are errors in either case: going on would repeat finished work that is recorded. So is a
// disk too full to record that the run begins.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plimsoll/base/result.h"
#include "plimsoll/history/database.h"
#include "plimsoll/history/location.h"
#include "plimsoll/history/store.h"

namespace plimsoll::history {

struct RunHistory {
    std::optional<Database> database;   ///< to read from; nothing where there is none to read
    bool records = true;                ///< false: what the run does is kept in memory alone
    std::string path;                   ///< for run_paths(); of a run that is not recorded, in a temporary folder
    std::vector<std::string> warnings;  ///< to be told before the run begins

    /// Records that the run begins. Of a run that is not recorded: a MemoryStore, and its folder is made.
    Result<std::unique_ptr<Store>> begin(const RunRecord& run);
    /// Of a run that is not recorded, the folder that holds its logs and events; "" of others.
    std::string temporary_folder() const;
    /// Removes that folder, if there is one.
    Result<void> remove_temporary() const;
};

struct HistoryChoice {
    std::string named;  ///< by --history; empty: the usual place
    DataHome data_home;
    std::string temporary;  ///< folder for what is not kept, e.g. $TMPDIR
};

Result<RunHistory> open_for_run(const HistoryChoice& choice);

}  // namespace plimsoll::history
