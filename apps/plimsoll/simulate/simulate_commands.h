// SPDX-License-Identifier: Apache-2.0
// simulate: a scenario played on a machine that is not there, and what is expected of it checked.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "plimsoll/simulate/read_scenario.h"

namespace CLI {
class App;
}

namespace plimsoll::cli {

struct SimulateOptions {
    std::string file;     ///< the scenario; "" where recorded runs are played again
    std::string history;  ///< a run, or "all"
    std::string trace;    ///< a file of another tool's records
    std::string trace_format;
    std::optional<std::string> database;
    std::vector<std::string> policies;
    std::vector<std::string> capacities;
    std::vector<double> risks;
    int nodes = 1;
    bool requests = false;
    int draws = 20;
    std::string html;
    std::optional<std::uint64_t> seed;
    bool json = false;
};

int simulate_command(const SimulateOptions& options);
/// Recorded runs played again otherwise: `--history`, `--trace`.
int what_if_command(const SimulateOptions& options);

/// What came of the runs: schedules as drawings, totals, expectations that do not hold.
std::string played_text(const simulate::ScenarioFile& file, const std::vector<simulate::Played>& runs,
                        const std::vector<std::string>& unmet);
std::string played_json(const simulate::ScenarioFile& file, const std::vector<simulate::Played>& runs,
                        const std::vector<std::string>& unmet);

/// Adds the command to the program; when it is named it sets `command`.
void add_simulate_command(CLI::App& app, std::function<int()>& command);

}  // namespace plimsoll::cli
