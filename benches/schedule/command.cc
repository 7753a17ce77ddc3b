// SPDX-License-Identifier: Apache-2.0
#include "benches/schedule/command.h"

#include <fmt/format.h>

#include <cstdio>
#include <map>
#include <tuple>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "benches/schedule/suites.h"

namespace plimsoll::benches {
namespace {

using Json = nlohmann::ordered_json;

void tell(const std::string& note) { fmt::print(stderr, "{}\n", note); }

/// What a suite gives: lists of rows for programs, and tables for people.
struct Told {
    Json lists = Json::object();
    std::vector<std::string> lines;
};

std::vector<std::string> traces_of(const ScheduleFlags& flags) {
    if (!flags.traces.empty()) return flags.traces;
    return {flags.data + "/lublin_256.swf.gz", flags.data + "/lublin_256_new2.swf.gz"};
}

void add(Told& told, const BatchRow& row) {
    told.lists["rows"].push_back({{"mode", row.mode},
                                  {"trace", row.trace},
                                  {"backfill", row.backfill},
                                  {"policy", row.policy},
                                  {"bounded_slowdown", row.bounded_slowdown}});
    told.lines.push_back(fmt::format("{:<6} {:<18} {:<9} {:<10} {:>18.2f}", row.mode, row.trace,
                                     row.backfill ? "yes" : "no", row.policy, row.bounded_slowdown));
}

void add(Told& told, const BatchComparison& comparison) {
    const PairedDifference& pairs = comparison.difference;
    told.lists["comparisons"].push_back({{"trace", comparison.trace},
                                         {"windows", comparison.windows},
                                         {"count", pairs.windows},
                                         {"rival", comparison.rival},
                                         {"plimsoll_mean", pairs.own},
                                         {"rival_mean", pairs.rival},
                                         {"plimsoll_median", pairs.own_median},
                                         {"rival_median", pairs.rival_median},
                                         {"difference", pairs.difference},
                                         {"low", pairs.low},
                                         {"high", pairs.high},
                                         {"better", pairs.better}});
    told.lines.push_back(fmt::format("{:<18} {:>3} {:<9} {:<12} {:>8.2f} {:>8.2f} {:>9.2f} [{:>8.2f}, {:>8.2f}] {:>5}",
                                     comparison.trace, pairs.windows, comparison.windows, comparison.rival, pairs.own,
                                     pairs.rival, pairs.difference, pairs.low, pairs.high, pairs.better));
}

Result<Told> rlscheduler(const ScheduleFlags& flags) {
    Told told;
    const BatchTable table = PLIM_TRY(run_rlscheduler(traces_of(flags), tell));
    told.lines.push_back(
        fmt::format("{:<6} {:<18} {:<9} {:<10} {:>18}", "mode", "trace", "backfill", "policy", "bounded slowdown"));
    for (const BatchRow& row : table.rows) add(told, row);
    told.lines.push_back(fmt::format("\n{:<18} {:<13} {:<12} {:>8} {:>8} {:>9} {:<20} {}", "trace", "windows", "rival",
                                     "plimsoll", "rival", "less", "95 % of the mean", "better"));
    for (const BatchComparison& comparison : table.comparisons) add(told, comparison);
    return told;
}

Result<Told> openb(const ScheduleFlags& flags) {
    Told told;
    std::map<std::tuple<std::string, std::string, double>, std::pair<double, int>> sums;
    for (const GpuRow& row : PLIM_TRY(run_openb(flags.openb.empty() ? flags.data + "/openb" : flags.openb, tell))) {
        told.lists["rows"].push_back({{"workload", row.workload},
                                      {"policy", row.policy},
                                      {"seed", row.seed},
                                      {"load", row.load},
                                      {"gpu_allocated", row.gpu_allocated}});
        auto& [sum, count] = sums[{row.workload, row.policy, row.load}];
        sum += row.gpu_allocated;
        ++count;
    }
    told.lines.push_back(fmt::format("{:<10} {:<10} {:>6} {:>18}", "workload", "policy", "load", "GPUs allocated, %"));
    for (const auto& [of, sum] : sums)
        told.lines.push_back(fmt::format("{:<10} {:<10} {:>6.1f} {:>18.2f}", std::get<0>(of), std::get<1>(of),
                                         std::get<2>(of), 100 * sum.first / sum.second));
    return told;
}

/// One suite a row.
const std::map<std::string, Result<Told> (*)(const ScheduleFlags&)> suites = {{"rlscheduler", rlscheduler},
                                                                              {"openb", openb}};

}  // namespace

CLI::App* add_schedule_command(CLI::App& app, const std::string& data, ScheduleFlags& flags) {
    flags.data = data + "/schedule";
    CLI::App* command = app.add_subcommand("schedule", "orders and placements on public traces");
    command->add_option("--suite", flags.suite, "rlscheduler: bounded slowdown of batch jobs; openb: GPUs allocated")
        ->check(CLI::IsMember(suites));
    command->add_option("--trace", flags.traces, "SWF files (default: the two of $PLIMSOLL_DATA/schedule)");
    command->add_option("--openb", flags.openb, "folder of nodes and pods (default: $PLIMSOLL_DATA/schedule/openb)");
    command->add_flag("--json", flags.json, "one JSON object");
    return command;
}

int run_schedule(const ScheduleFlags& flags) {
    const Result<Told> told = suites.at(flags.suite)(flags);
    if (!told) {
        fmt::print(stderr, "{}\n", told.error().message);
        return 2;
    }
    if (flags.json) {
        Json document = {{"bench", "schedule"}, {"suite", flags.suite}, {"version", PLIMSOLL_VERSION}};
        document.update(told->lists);
        fmt::print("{}\n", document.dump(1));
        return 0;
    }
    for (const std::string& line : told->lines) fmt::print("{}\n", line);
    return 0;
}

}  // namespace plimsoll::benches
