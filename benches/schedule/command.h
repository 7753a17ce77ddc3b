// SPDX-License-Identifier: Apache-2.0
// `plimsoll-bench schedule`: its flags, and what it prints.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace plimsoll::benches {

struct ScheduleFlags {
    std::string suite = "rlscheduler";
    std::string data;                 ///< folder of the public data
    std::vector<std::string> traces;  ///< SWF files; empty: those of the data
    std::string openb;                ///< folder; "": that of the data
    std::string dags;                 ///< the WfInstances table; "": that of the data
    bool json = false;
};

/// `data`: the folder of all public data. The flags outlive the app.
CLI::App* add_schedule_command(CLI::App& app, const std::string& data, ScheduleFlags& flags);
/// The exit code.
int run_schedule(const ScheduleFlags& flags);

}  // namespace plimsoll::benches
