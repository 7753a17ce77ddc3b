// SPDX-License-Identifier: Apache-2.0
// `plimsoll-bench simulate`: what the simulator costs, by the number of tasks and nodes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace plimsoll::benches {

struct SimulateFlags {
    std::vector<std::string> modes = {"fifo", "loop"};
    std::vector<std::uint64_t> tasks = {1000, 10000, 100000};
    std::vector<std::uint64_t> nodes = {10, 100, 1000};
    std::string trace;  ///< an SWF file, instead of jobs that are drawn; of fifo
    double load = 0.8;  ///< of the cores, as jobs come; of fifo
    std::uint64_t seed = 1;
    bool json = false;
};

/// The flags outlive the app.
CLI::App* add_simulate_command(CLI::App& app, SimulateFlags& flags);
/// The exit code.
int run_simulate(const SimulateFlags& flags);

}  // namespace plimsoll::benches
