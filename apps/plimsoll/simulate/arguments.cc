// SPDX-License-Identifier: Apache-2.0
// How the arguments of simulate are spelt.
#include "apps/plimsoll/arguments.h"

#include <CLI/CLI.hpp>

#include "apps/plimsoll/simulate/simulate_commands.h"
#include "plimsoll/schedule/policies.h"

namespace plimsoll::cli {
namespace {

void add_alternatives(CLI::App& simulate, SimulateOptions& options) {
    std::vector<std::string> policies;
    for (const schedule::NamedPolicy& policy : schedule::policies()) policies.emplace_back(policy.name);
    simulate
        .add_option("--policy", options.policies, "Of what was recorded: by this order of starts; any number of them")
        ->check(CLI::IsMember(policies))
        ->allow_extra_args(false);
    simulate
        .add_option("--capacity", options.capacities,
                    "Of what was recorded: on a machine of this size, as in 'cpu=8 memory=32GiB'; any number of them")
        ->type_name("AMOUNTS")
        ->allow_extra_args(false);
    simulate.add_option("--nodes", options.nodes, "On so many such machines")
        ->type_name("N")
        ->check(CLI::Range(1, 100000));
    simulate
        .add_option("--risk", options.risks,
                    "With sizes that weigh a failed attempt like this: 0 thrifty ... 10 safe; any number of them")
        ->type_name("X")
        ->check(CLI::Range(0.0, 100.0))
        ->allow_extra_args(false);
    simulate.add_flag("--requests", options.requests, "And with what the tasks' author asked for");
    simulate.add_option("--draws", options.draws, "How often tasks are drawn anew for an interval; 1: as they were")
        ->type_name("N")
        ->check(CLI::Range(1, 10000));
    simulate.add_option("--html", options.html, "The alternatives side by side, as a page")->type_name("FILE");
}

}  // namespace

void add_simulate_command(CLI::App& app, std::function<int()>& command) {
    static SimulateOptions options;
    CLI::App& simulate = *app.add_subcommand("simulate", "Play a run on a machine that is not there");
    simulate.callback([&command] { command = [] { return simulate_command(options); }; });
    simulate.add_option("SCENARIO", options.file, "A scenario file: cluster, workflow, faults, what is expected");
    simulate
        .add_option("--history", options.history,
                    "Instead of a scenario: a recorded run (an id, the unique beginning of one, 'last'), or 'all'")
        ->type_name("RUN");
    simulate.add_option("--trace", options.trace, "Instead of a scenario: what another tool recorded")
        ->type_name("FILE");
    simulate.add_option("--trace-format", options.trace_format, "What the trace is, where its name does not say so")
        ->check(CLI::IsMember({"nextflow", "sacct", "wfformat", "swf", "wfinstances", "openb"}));
    simulate
        .add_option_function<std::string>(
            "--database", [](const std::string& path) { options.database = path; },
            "The database with the recorded runs (default: $XDG_DATA_HOME/plimsoll/history.db)")
        ->type_name("FILE");
    add_alternatives(simulate, options);
    simulate
        .add_option_function<std::uint64_t>(
            "--seed", [](const std::uint64_t& seed) { options.seed = seed; },
            "Of what varies, instead of the scenario's own")
        ->type_name("N");
    simulate.add_flag("--json", options.json, "As JSON");
}

}  // namespace plimsoll::cli
