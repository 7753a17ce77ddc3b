// SPDX-License-Identifier: Apache-2.0
#include "benches/schedule/command.h"

#include <fmt/format.h>

#include <cstdio>
#include <map>
#include <tuple>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "benches/schedule/decisions.h"
#include "benches/schedule/suites.h"
#include "benches/schedule/workflows.h"

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

void add(Told& told, const WorkflowSummary& summary) {
    told.lists["summary"].push_back({{"machine", summary.machine},
                                     {"policy", summary.policy},
                                     {"sizes", summary.sizes},
                                     {"against", summary.against},
                                     {"dags", summary.dags},
                                     {"ratio", summary.ratio},
                                     {"low", summary.low},
                                     {"high", summary.high},
                                     {"utilisation", summary.utilisation},
                                     {"utilisation_against", summary.utilisation_against}});
    told.lines.push_back(fmt::format("{:<8} {:<20} {:<22} {:>4} {:>7.4f} [{:.4f}, {:.4f}] {:>6.3f} {:>6.3f}",
                                     summary.machine, summary.policy + " " + summary.sizes, summary.against,
                                     summary.dags, summary.ratio, summary.low, summary.high, summary.utilisation,
                                     summary.utilisation_against));
}

Result<Told> workflows(const ScheduleFlags& flags) {
    Told told;
    const WorkflowTable table =
        PLIM_TRY(run_workflows(flags.dags.empty() ? flags.data + "/wfinstances_tasks.csv.gz" : flags.dags, tell));
    for (const WorkflowRow& row : table.rows)
        told.lists["rows"].push_back({{"dag", row.dag},
                                      {"machine", row.machine},
                                      {"policy", row.policy},
                                      {"sizes", row.sizes},
                                      {"tasks", row.tasks},
                                      {"nodes", row.nodes},
                                      {"cores", row.cores},
                                      {"makespan_s", row.makespan_s},
                                      {"lower_bound_s", row.lower_bound_s},
                                      {"cpu_utilisation", row.cpu_utilisation}});
    told.lines.push_back(fmt::format("{:<8} {:<20} {:<22} {:>4} {:>7} {:<16} {:>6} {}", "machine", "policy", "against",
                                     "dags", "ratio", "95 % of the mean", "used", "against"));
    for (const WorkflowSummary& summary : table.summary) add(told, summary);
    return told;
}

Result<Told> decisions(const ScheduleFlags&) {
    Told told;
    told.lines.push_back(fmt::format("{:>7} {:>7} {:<9} {:>9} {:>9} {:>9} {:>12} {:>12}", "nodes", "queues", "load",
                                     "p50 us", "p99 us", "p99.9 us", "decisions/s", "reserve us"));
    for (const DecisionRow& row : run_decisions(tell)) {
        const char* load = row.backlog ? "backlog" : "arrivals";
        told.lists["rows"].push_back(
            {{"load", load},
             {"nodes", row.nodes},
             {"resources", row.resources},
             {"queues", row.queues},
             {"decisions", row.decisions},
             {"decision_us", {{"p50", row.p50_us}, {"p99", row.p99_us}, {"p999", row.p999_us}}},
             {"decisions_per_s", row.per_s},
             {"reserve_us", row.reserve_us}});
        told.lines.push_back(fmt::format("{:>7} {:>7} {:<9} {:>9.1f} {:>9.1f} {:>9.1f} {:>12.0f} {:>12.1f}", row.nodes,
                                         row.queues, load, row.p50_us, row.p99_us, row.p999_us, row.per_s,
                                         row.reserve_us));
    }
    return told;
}

/// One suite a row.
const std::map<std::string, Result<Told> (*)(const ScheduleFlags&)> suites = {
    {"rlscheduler", rlscheduler}, {"openb", openb}, {"workflows", workflows}, {"decisions", decisions}};

}  // namespace

CLI::App* add_schedule_command(CLI::App& app, const std::string& data, ScheduleFlags& flags) {
    flags.data = data + "/schedule";
    CLI::App* command = app.add_subcommand("schedule", "orders and placements on public traces");
    command
        ->add_option("--suite", flags.suite,
                     "rlscheduler: bounded slowdown of batch jobs; openb: GPUs allocated; workflows: makespans; "
                     "decisions: what a start costs")
        ->check(CLI::IsMember(suites));
    command->add_option("--trace", flags.traces, "SWF files (default: the two of $PLIMSOLL_DATA/schedule)");
    command->add_option("--openb", flags.openb, "folder of nodes and pods (default: $PLIMSOLL_DATA/schedule/openb)");
    command->add_option("--dags", flags.dags, "WfInstances table (default: that of $PLIMSOLL_DATA/schedule)");
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
