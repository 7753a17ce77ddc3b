// SPDX-License-Identifier: Apache-2.0
// Where a history lives: one database file and, beside it, a folder per run for logs and events.
#pragma once

#include <string>
#include <string_view>

#include "plimsoll/base/result.h"
#include "plimsoll/model/run.h"

namespace plimsoll::history {

/// The environment variables that decide where a user's data lies; empty where unset.
struct DataHome {
    std::string xdg_data_home;
    std::string home;
};

/// $XDG_DATA_HOME/plimsoll/history.db, or $HOME/.local/share/plimsoll/history.db. A relative
/// XDG_DATA_HOME is ignored, as the XDG specification asks. Error when neither is usable.
Result<std::string> default_database(const DataHome& data_home);

/// The files of one run, all absolute if the database's path is.
struct RunPaths {
    std::string folder;   ///< <database's folder>/runs/<run id>
    std::string logs;     ///< folder/logs
    std::string events;   ///< folder/events.jsonl
    std::string output;   ///< folder/output.txt: what the run told its terminal, for those who attach
    std::string started;  ///< folder/started: attempts that began, for the next start after a crash
};
RunPaths run_paths(std::string_view database, const RunId& run);
/// <database's folder>/runs: where the folders of all its runs stand.
std::string runs_folder(std::string_view database);

/// The log file's name of an attempt, unique within its run, at most 255 bytes: "align[s1].1.log". What
/// a shell or file system would stumble over is written %2F; very long names are cut and end in a hash.
std::string log_file_name(std::string_view task_name, int attempt);

}  // namespace plimsoll::history
