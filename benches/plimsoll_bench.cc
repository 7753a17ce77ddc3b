// SPDX-License-Identifier: Apache-2.0
// plimsoll-bench: protocols and rivals, and our methods among them.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "benches/models/command.h"
#include "benches/percentile.h"
#include "benches/schedule/command.h"
#include "benches/simulate/command.h"
#include "benches/sizing/left_out.h"
#include "benches/sizing/method.h"
#include "benches/sizing/over_time.h"
#include "benches/sizing/promises.h"
#include "benches/sizing/protocols.h"
#include "plimsoll/base/clock.h"

namespace {

using namespace plimsoll;
using namespace plimsoll::benches;

struct SizingFlags {
    std::string protocol = "P";
    std::string data;
    std::vector<std::string> workflows;  ///< empty: the protocol's
    std::vector<std::string> methods = {"plimsoll"};
    MethodOptions options;
    std::uint64_t seed = 1;
    bool by_kind = false;
    bool json = false;
    bool coverage = false;
    bool left_out = false;
};

nlohmann::ordered_json row_of(const std::string& workflow, const std::string& method, const Score& score) {
    std::vector<double> forecast_us = score.forecast_us;
    std::ranges::sort(forecast_us);
    double learn_us = 0;
    for (const double us : score.learn_us) learn_us += us / static_cast<double>(score.learn_us.size());
    nlohmann::ordered_json coverage = {{"stated", nullptr}, {"measured", nullptr}};
    if (score.promised > 0)
        coverage = {{"stated", stated_coverage},
                    {"measured", static_cast<double>(score.kept) / static_cast<double>(score.promised)}};
    return {{"workflow", workflow},
            {"method", method},
            {"tasks", score.tasks},
            {"wastage_gbh", score.wastage_gbh()},
            {"over_gbh", score.over_gbh},
            {"under_gbh", score.under_gbh},
            {"cold_gbh", score.cold_gbh},
            {"failed_attempts", score.failed_attempts},
            {"failed_tasks", score.failed_tasks},
            {"growths", score.growths},
            {"stalled_s", score.stalled_s},
            {"coverage", coverage},
            {"forecast_us", {{"p50", percentile(forecast_us, 0.5)}, {"p99", percentile(forecast_us, 0.99)}}},
            {"learn_us_mean", learn_us},
            {"wastage_gbh_spread", score.spread_gbh}};
}

void print_table(const nlohmann::ordered_json& rows) {
    fmt::print("{:<21} {:<20} {:>6} {:>10} {:>9} {:>9} {:>9} {:>13} {:>8} {:>8}\n", "workflow", "method", "tasks",
               "waste GBh", "over", "under", "cold", "failed", "growths", "covered");
    for (const auto& row : rows) {
        const auto& covered = row["coverage"]["measured"];
        fmt::print("{:<21} {:<20} {:>6.0f} {:>10.2f} {:>9.2f} {:>9.2f} {:>9.2f} {:>6.5g}/{:<6.5g} {:>8.5g} {:>8}\n",
                   row.value("kind", row["workflow"].get<std::string>()), row["method"].get<std::string>(),
                   row["tasks"].get<double>(), row["wastage_gbh"].get<double>(), row["over_gbh"].get<double>(),
                   row["under_gbh"].get<double>(), row["cold_gbh"].get<double>(), row["failed_attempts"].get<double>(),
                   row["failed_tasks"].get<double>(), row["growths"].get<double>(),
                   covered.is_null() ? std::string("-") : fmt::format("{:.1f} %", 100 * covered.get<double>()));
    }
}

/// A table that is text as it is.
int print_or_say(const Result<std::string>& table) {
    if (table) fmt::print("{}", *table);
    if (!table) fmt::print(stderr, "{}\n", table.error().message);
    return table ? 0 : 2;
}

int run_sizing(const SizingFlags& flags) {
    const ThreadCpuClock clock;
    const Bench bench{.protocol = flags.protocol,
                      .folder = flags.data,
                      .workflows = flags.workflows,
                      .methods = flags.methods,
                      .options = flags.options,
                      .seed = flags.seed,
                      .by_kind = flags.by_kind};
    if (flags.coverage) return print_or_say(table_of_promises(bench.folder, bench.workflows));
    if (flags.left_out) return print_or_say(table_of_left_out(bench, clock));
    const Result<std::vector<Row>> rows =
        run_protocol(bench, clock, [](const std::string& note) { fmt::print(stderr, "{}\n", note); });
    if (!rows) {
        fmt::print(stderr, "{}\n", rows.error().message);
        return 2;
    }
    nlohmann::ordered_json lines = nlohmann::ordered_json::array();
    for (const Row& row : *rows) {
        lines.push_back(row_of(row.workflow, row.method, row.score));
        if (flags.by_kind) lines.back()["kind"] = row.kind;
    }
    if (!flags.json) {
        print_table(lines);
        return 0;
    }
    const nlohmann::ordered_json document = {{"bench", "sizing"},
                                             {"protocol", flags.protocol},
                                             {"ttf", flags.options.time_to_failure},
                                             {"risk", flags.options.risk},
                                             {"seed", flags.seed},
                                             {"version", PLIMSOLL_VERSION},
                                             {"rows", lines}};
    fmt::print("{}\n", document.dump(2));
    return 0;
}

CLI::App* add_sizing_command(CLI::App& app, const std::string& data, SizingFlags& flags) {
    flags.data = data + "/sizing";
    CLI::App* sizing = app.add_subcommand("sizing", "memory sizing on traces of nf-core workflows");
    sizing
        ->add_option("--protocol", flags.protocol,
                     "S: splits; P: causal, cold; W: warm; X: across workflows; K: true inputs; T: over time; G: grown")
        ->check(CLI::IsMember({"S", "P", "W", "X", "K", "T", "G"}));
    sizing->add_option("--data", flags.data, "folder with trace_NAME.csv.gz (default: $PLIMSOLL_DATA/sizing)");
    sizing->add_option("--workflow", flags.workflows, "which data, in this order (default: all, of T, G and K eager)");
    sizing->add_option("--method", flags.methods, "which methods")->check(CLI::IsMember(curve_method_names()));
    sizing
        ->add_option("--ttf", flags.options.time_to_failure,
                     "share of the runtime after which a too small attempt fails")
        ->check(CLI::Range(0.0, 1.0));
    sizing->add_option("--risk", flags.options.risk, "thrifty 0 ... safe 10")->check(CLI::NonNegativeNumber);
    sizing->add_option("--seed", flags.seed, "of protocols with chance in them");
    sizing->add_flag("--by-kind", flags.by_kind, "T and G: a row for each kind");
    CLI::Option* json = sizing->add_flag("--json", flags.json, "one JSON object");
    CLI::Option* coverage =
        sizing->add_flag("--coverage", flags.coverage, "P: how often bounds of a stated probability held, in Markdown");
    coverage->excludes(json);
    sizing
        ->add_flag("--left-out", flags.left_out,
                   "P and W: constants chosen without the workflow they are scored on, in Markdown; takes minutes")
        ->excludes(json)
        ->excludes(coverage);
    return sizing;
}

}  // namespace

int main(int count, char** arguments) {
    CLI::App app("Protocols and rivals: what Plimsoll's methods are worth, on public data");
    app.require_subcommand(1);
    const char* folder = std::getenv("PLIMSOLL_DATA");
    const std::string data = folder ? folder : "../shared/data";
    SizingFlags sizing;
    ScheduleFlags schedule;
    add_sizing_command(app, data, sizing);
    const CLI::App* schedule_command = add_schedule_command(app, data, schedule);
    SimulateFlags simulate;
    const CLI::App* simulate_command = add_simulate_command(app, simulate);
    ModelsFlags models;
    const CLI::App* models_command = add_models_command(app, models);
    try {
        app.parse(count, arguments);
    } catch (const CLI::ParseError& error) { return app.exit(error) == 0 ? 0 : 2; }
    if (simulate_command->parsed()) return run_simulate(simulate);
    if (models_command->parsed()) return run_models(models);
    return schedule_command->parsed() ? run_schedule(schedule) : run_sizing(sizing);
}
