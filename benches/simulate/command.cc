// SPDX-License-Identifier: Apache-2.0
#include "benches/simulate/command.h"

#include <fmt/format.h>

#include <cstdio>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "benches/simulate/speed.h"

namespace plimsoll::benches {
namespace {

using Json = nlohmann::ordered_json;

double a_second(std::uint64_t count, double cpu_s) { return cpu_s > 0 ? static_cast<double>(count) / cpu_s : 0; }

Json row_json(const SpeedRow& row) {
    return {{"mode", row.mode},
            {"tasks", row.tasks},
            {"nodes", row.nodes},
            {"events", row.events},
            {"cpu_s", row.cpu_s},
            {"events_per_cpu_s", a_second(row.events, row.cpu_s)},
            {"tasks_per_cpu_s", a_second(row.tasks, row.cpu_s)},
            {"mean_wait_s", row.mean_wait_s},
            {"memory_peak_bytes", row.memory_peak_bytes}};
}

void print_row(const SpeedRow& row) {
    fmt::print("{:<5} {:>9} {:>8} {:>10} {:>9.3f} {:>13.0f} {:>12.0f} {:>8.0f}\n", row.mode, row.tasks, row.nodes,
               row.events, row.cpu_s, a_second(row.events, row.cpu_s), a_second(row.tasks, row.cpu_s),
               static_cast<double>(row.memory_peak_bytes) / (1 << 20));
}

/// Each row as it is done, the smaller ones first, so that the peak of memory is each row's own.
Result<void> measure(const SimulateFlags& flags, const std::function<void(const SpeedRow&)>& take) {
    if (!flags.trace.empty()) {
        take(PLIM_TRY(trace_speed(flags.trace)));
        return {};
    }
    for (const std::string& mode : flags.modes)
        for (const std::uint64_t tasks : flags.tasks)
            for (const std::uint64_t nodes : flags.nodes)
                take(PLIM_TRY(mode == "fifo" ? fifo_speed(tasks, nodes, flags.load, flags.seed)
                                             : loop_speed(tasks, nodes)));
    return {};
}

}  // namespace

CLI::App* add_simulate_command(CLI::App& app, SimulateFlags& flags) {
    CLI::App* simulate = app.add_subcommand("simulate", "what the simulator costs, by tasks and nodes");
    simulate
        ->add_option("--mode", flags.modes,
                     "fifo: jobs in order, sizes as given; loop: forecasts, learning, shaping (default: both)")
        ->check(CLI::IsMember({"fifo", "loop"}));
    simulate->add_option("--tasks", flags.tasks, "how many (default: 1000 10000 100000)")->check(CLI::PositiveNumber);
    simulate->add_option("--nodes", flags.nodes, "of 64 cores and 256 GiB (default: 10 100 1000)")
        ->check(CLI::Range(1, 1'000'000));
    simulate->add_option("--trace", flags.trace, "an SWF file instead, by fifo on one machine of its size");
    simulate->add_option("--load", flags.load, "what jobs ask for of all cores; above 1 they queue (default: 0.8)")
        ->check(CLI::PositiveNumber);
    simulate->add_option("--seed", flags.seed, "of the jobs");
    simulate->add_flag("--json", flags.json, "one JSON object");
    return simulate;
}

int run_simulate(const SimulateFlags& flags) {
    Json rows = Json::array();
    if (!flags.json)
        fmt::print("{:<5} {:>9} {:>8} {:>10} {:>9} {:>13} {:>12} {:>8}\n", "mode", "tasks", "nodes", "events", "CPU s",
                   "events/CPU s", "tasks/CPU s", "peak MiB");
    const auto measured = measure(flags, [&](const SpeedRow& row) {
        rows.push_back(row_json(row));
        if (!flags.json) print_row(row);
    });
    if (!measured) {
        fmt::print(stderr, "{}\n", measured.error().message);
        return 2;
    }
    if (flags.json) fmt::print("{}\n", Json{{"bench", "simulate"}, {"seed", flags.seed}, {"rows", rows}}.dump(2));
    return 0;
}

}  // namespace plimsoll::benches
