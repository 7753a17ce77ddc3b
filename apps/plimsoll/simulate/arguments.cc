// SPDX-License-Identifier: Apache-2.0
// How the arguments of simulate are spelt.
#include "apps/plimsoll/arguments.h"

#include <CLI/CLI.hpp>

#include "apps/plimsoll/simulate/simulate_commands.h"

namespace plimsoll::cli {

void add_simulate_command(CLI::App& app, std::function<int()>& command) {
    static SimulateOptions options;
    CLI::App& simulate = *app.add_subcommand("simulate", "Play a run on a machine that is not there");
    simulate.callback([&command] { command = [] { return simulate_command(options); }; });
    simulate.add_option("SCENARIO", options.file, "A scenario file: cluster, workflow, faults, what is expected")
        ->required();
    simulate
        .add_option_function<std::uint64_t>(
            "--seed", [](const std::uint64_t& seed) { options.seed = seed; },
            "Of what varies, instead of the scenario's own")
        ->type_name("N");
    simulate.add_flag("--json", options.json, "As JSON");
}

}  // namespace plimsoll::cli
