// SPDX-License-Identifier: Apache-2.0
#include "benches/models/command.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "benches/percentile.h"
#include "tests/temporary_folder.h"

namespace plimsoll::benches {
namespace {

using Json = nlohmann::ordered_json;

Json told(const PastSize& past, ModelsCost cost) {
    std::ranges::sort(cost.forecast_us);
    return {{"bench", "models"},
            {"attempts", past.attempts},
            {"kinds", past.kinds},
            {"learn_us_mean", cost.learn_us},
            {"forecast_us",
             {{"p50", percentile(cost.forecast_us, 0.5)},
              {"p99", percentile(cost.forecast_us, 0.99)},
              {"p999", percentile(cost.forecast_us, 0.999)}}},
            {"models_mb", cost.models_mb},
            {"start",
             {{"kinds", past.start_kinds},
              {"kept_s", cost.start_kept_s},
              {"anew_s", cost.start_anew_s},
              {"kept_mb", cost.kept_mb}}},
            {"history_mb", cost.history_mb}};
}

void print_table(const Json& figures) {
    const auto line = [](const std::string& what, double value, const char* unit) {
        fmt::print("{:<44} {:>9.3g} {}\n", what, value, unit);
    };
    fmt::print("{} attempts of {} kinds, CPU time\n", figures["attempts"].get<std::int64_t>(),
               figures["kinds"].get<std::int64_t>());
    line("learning an attempt, of all", figures["learn_us_mean"], "us");
    for (const char* share : {"p50", "p99", "p999"})
        line(fmt::format("a forecast, {}", share), figures["forecast_us"][share], "us");
    line("memory of all models", figures["models_mb"], "MB");
    const Json& start = figures["start"];
    line(fmt::format("start of a run of {} kinds, models kept", start["kinds"].get<std::int64_t>()), start["kept_s"],
         "s");
    line("the same, all learnt anew", start["anew_s"], "s");
    line("what is kept for it", start["kept_mb"], "MB");
    line("the history", figures["history_mb"], "MB");
}

}  // namespace

CLI::App* add_models_command(CLI::App& app, ModelsFlags& flags) {
    CLI::App* models = app.add_subcommand("models", "what learning, forecasts and starts cost with a long history");
    models->add_option("--attempts", flags.past.attempts, "recorded (default: 1000000)")
        ->check(CLI::Range(std::int64_t{1000}, std::int64_t{100'000'000}));
    models->add_option("--kinds", flags.past.kinds, "that they are of (default: 2000)")
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000}));
    models->add_flag("--json", flags.json, "one JSON object");
    return models;
}

int run_models(const ModelsFlags& flags) {
    const tests::TemporaryFolder scratch(std::filesystem::temp_directory_path().string());
    const Result<ModelsCost> cost = cost_of_models(flags.past, scratch.path(), ThreadCpuClock());
    if (!cost) {
        fmt::print(stderr, "{}\n", cost.error().message);
        return 3;
    }
    const Json figures = told(flags.past, *cost);
    if (flags.json) fmt::print("{}\n", figures.dump(2));
    else print_table(figures);
    return 0;
}

}  // namespace plimsoll::benches
