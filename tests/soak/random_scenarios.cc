// SPDX-License-Identifier: Apache-2.0
// random_scenarios --seed N (--seeds N | --seconds N) [--keep FOLDER] [--json]: plays random scenarios, keeps each that
// breaks a law as a small file, and lists the rare branches with how often each was reached. What ./dev soak simulate
// runs.
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "plimsoll/base/clock.h"
#include "plimsoll/base/file.h"
#include "plimsoll/base/log.h"
#include "plimsoll/base/probe.h"
#include "plimsoll/simulate/random_scenario.h"
#include "plimsoll/simulate/shrink.h"
#include "plimsoll/simulate/write_scenario.h"

namespace {

using namespace plimsoll;
using namespace plimsoll::simulate;

struct Options {
    std::uint64_t seed = 1;
    std::uint64_t seeds = 1000;
    double seconds = 0;  ///< 0: so many seeds
    std::string keep;
    bool json = false;
};

struct Soak {
    std::uint64_t seeds = 0, runs = 0, tasks = 0, attempts = 0;
    std::vector<std::string> kept;  ///< files, or seeds where none is kept
};

bool breaks_a_law(const Scenario& scenario) {
    const auto runs = play(scenario);
    return !runs && runs.error().kind == ErrorKind::damaged;
}

void keep_small(std::uint64_t seed, const std::string& why, const Options& options, Soak& soak) {
    fmt::print(stderr, "seed {}: {}\n", seed, why);
    if (options.keep.empty()) return soak.kept.push_back(fmt::format("{}", seed));
    const std::string file = fmt::format("{}/seed_{}.toml", options.keep, seed);
    std::filesystem::create_directories(options.keep);
    const auto written = replace_file(file, shrink(write_scenario(random_scenario(seed)), breaks_a_law), 0644);
    if (!written) fmt::print(stderr, "{}\n", written.error().message);
    fmt::print(stderr, "kept, as small as it goes: {}\n", file);
    soak.kept.push_back(file);
}

void play_seed(std::uint64_t seed, const Options& options, Soak& soak) {
    ++soak.seeds;
    const auto runs = play(random_scenario(seed));
    if (!runs) return keep_small(seed, runs.error().message, options, soak);
    soak.runs += runs->size();
    for (const Played& run : *runs) soak.tasks += run.tasks.size(), soak.attempts += run.attempts.size();
}

void print_text(const Soak& soak) {
    fmt::print("{} seeds: {} runs, {} tasks, {} attempts; {} broke a law\n", soak.seeds, soak.runs, soak.tasks,
               soak.attempts, soak.kept.size());
    for (const std::string& one : soak.kept) fmt::print("  {}\n", one);
    fmt::print("rare branches, and how often each was reached:\n");
    for (const ProbeCount& probe : probe_counts()) fmt::print("  {:>9}  {}\n", probe.reached, probe.name);
}

void print_json(const Options& options, const Soak& soak) {
    nlohmann::ordered_json probes = nlohmann::ordered_json::object();
    for (const ProbeCount& probe : probe_counts()) probes[probe.name] = probe.reached;
    const nlohmann::ordered_json json = {
        {"soak", "simulate"},         {"seed", options.seed}, {"seeds", soak.seeds},
        {"runs", soak.runs},          {"tasks", soak.tasks},  {"attempts", soak.attempts},
        {"broken", soak.kept.size()}, {"kept", soak.kept},    {"probes", probes}};
    fmt::print("{}\n", json.dump(2));
}

int usage() {
    fmt::print(stderr, "usage: random_scenarios [--seed N] [--seeds N | --seconds N] [--keep FOLDER] [--json]\n");
    return 2;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    const std::vector<std::string> words(argv + 1, argv + argc);
    for (std::size_t at = 0; at < words.size(); ++at) {
        const bool has_value = at + 1 < words.size();
        if (words[at] == "--json") options.json = true;
        else if (words[at] == "--seed" && has_value) options.seed = std::strtoull(words[++at].c_str(), nullptr, 10);
        else if (words[at] == "--seeds" && has_value) options.seeds = std::strtoull(words[++at].c_str(), nullptr, 10);
        else if (words[at] == "--seconds" && has_value) options.seconds = std::strtod(words[++at].c_str(), nullptr);
        else if (words[at] == "--keep" && has_value) options.keep = words[++at];
        else return usage();
    }
    set_log_level(LogLevel::error);
    const MachineClock clock;
    const Instant begin = clock.now();
    Soak soak;
    const auto goes_on = [&] {
        return options.seconds > 0 ? seconds(clock.now() - begin) < options.seconds : soak.seeds < options.seeds;
    };
    while (goes_on()) play_seed(options.seed + soak.seeds, options, soak);
    if (options.json) print_json(options, soak);
    else print_text(soak);
    return soak.kept.empty() ? 0 : 1;
}
