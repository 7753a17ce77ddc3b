// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/read_scenario.h"

#include <fmt/format.h>

#include <filesystem>

#include "plimsoll/base/file.h"
#include "plimsoll/config/read_config.h"
#include "plimsoll/simulate/read_fault.h"
#include "plimsoll/simulate/toml.h"
#include "plimsoll/workflow/load.h"

namespace plimsoll::simulate {
namespace {

Result<loop::StopMode> parse_stop(std::string_view text) {
    if (text == "drain") return loop::StopMode::drain;
    if (text == "terminate") return loop::StopMode::terminate;
    if (text == "kill") return loop::StopMode::kill;
    return invalid("a stop is drain, terminate or kill");
}

/// nodes = 2, cpu = 4, memory = "16GiB": all alike; or unequal ones, each of them "cpu=4 memory=16GiB".
Result<void> read_cluster(const TomlValue& node, std::vector<Node>& nodes) {
    int count = 1;
    Resources alike;
    std::vector<std::string> unequal;
    PLIM_TRY(read_table(node, {{"nodes", into(count, parse_count)},
                               {"cpu", into(alike.cpu, parse_cores)},
                               {"memory", into(alike.memory, parse_bytes)},
                               {"gpu", into(alike.gpu, parse_number)},
                               {"each", texts(unequal)}}));
    std::vector<Resources> all(unequal.empty() ? static_cast<std::size_t>(count) : 0, alike);
    for (const std::string& one : unequal) {
        auto amounts = parse_resources(one);
        if (!amounts) return at(node, amounts.error().message);
        all.push_back(*amounts);
    }
    if (all.empty()) return at(node, "a cluster has at least one node");
    for (const Resources& amounts : all) {
        if (amounts.cpu <= Cores{} || amounts.memory <= Bytes{}) return at(node, "each node needs cpu and memory");
        const auto id = static_cast<NodeId>(nodes.size());
        nodes.push_back({.id = id, .name = fmt::format("node{}", id), .capacity = amounts});
    }
    return {};
}

/// The tasks of a workflow file beside the scenario, in a world that holds exactly the files named.
Result<Drawing> load_file(const std::string& path, std::vector<std::string> files) {
    const std::string text = PLIM_TRY(read_file(path));
    workflow::LoadOptions options;
    options.files = workflow::world_of(std::move(files));
    workflow::Loaded loaded = workflow::load_workflow_text(text, path, "/w", options);
    if (!loaded.problems.empty()) return invalid(workflow::format(loaded.problems.front()));
    Drawing drawing;
    drawing.steps = std::move(loaded.workflow.steps);
    drawing.tasks = std::move(loaded.tasks);
    return drawing;
}

Result<void> read_workflow(const TomlValue& node, const std::string& folder, Scenario& scenario) {
    std::string drawing, file;
    std::vector<std::string> files;
    PLIM_TRY(read_table(node, {{"drawing", into(drawing, parse_text)},
                               {"file", into(file, parse_text)},
                               {"files", texts(files)},
                               {"up_to_date", texts(scenario.up_to_date)}}));
    auto read = file.empty() ? draw(drawing) : load_file(folder.empty() ? file : folder + "/" + file, files);
    if (!read) return at(node, read.error().message);
    scenario.drawing = std::move(drawing);
    scenario.workflow = std::move(*read);
    return {};
}

Result<void> read_step(const TomlValue& node, const std::string& name, Scenario& scenario) {
    Step* step = scenario.workflow.step(name);
    if (!step) return at(node, fmt::format("the workflow has no step '{}'", name));
    StepTruth& truth = scenario.truths[name];
    const Read request = [&](const TomlValue& table) {
        Request& asked = step->request;
        return read_table(table, {{"cpu", into(asked.cpu, parse_cores)},
                                  {"memory", into(asked.memory, parse_bytes)},
                                  {"time", into(asked.time, parse_duration)},
                                  {"gpu", into(asked.gpu, parse_number)},
                                  {"disk", into(asked.disk, parse_bytes)}});
    };
    bool temporary = false;
    std::optional<Duration> checkpoint, within;
    PLIM_TRY(read_table(node, {{"checkpoint", into(checkpoint, parse_duration)},
                               {"checkpoint_within", into(within, parse_duration)},
                               {"runtime", into(truth.typical.runtime, parse_duration)},
                               {"memory", into(truth.typical.memory_peak, parse_bytes)},
                               {"peak_at", into(truth.typical.peak_at, parse_number)},
                               {"falls_at", into(truth.typical.falls_at, parse_number)},
                               {"memory_left", into(truth.typical.memory_left, parse_number)},
                               {"ignores_terminate", into(truth.typical.ignores_terminate, parse_flag)},
                               {"arrives", into(truth.arrives, parse_duration)},
                               {"cpu", into(truth.typical.cpu, parse_cores)},
                               {"input", into(truth.typical.input_bytes, parse_bytes)},
                               {"spread", into(truth.spread, parse_number)},
                               {"input_spread", into(truth.input_spread, parse_number)},
                               {"request", request},
                               {"timeout", into(step->timeout, parse_duration)},
                               {"deadline", into(step->deadline, parse_duration)},
                               {"priority", into(step->priority, parse_number)},
                               {"queue", into(step->queue, parse_text)},
                               {"retry", into(step->retry.on_failure, parse_count)},
                               {"retry_out_of_memory", into(step->retry.on_out_of_memory, parse_count)},
                               {"retry_timeout", into(step->retry.on_timeout, parse_count)},
                               {"temporary", into(temporary, parse_flag)}}));
    if (checkpoint) step->checkpoint = Checkpoint{.command = "save", .within = within.value_or(Checkpoint().within)};
    truth.typical.saves_in = checkpoint.value_or(Duration{});
    if (temporary) scenario.workflow.make_temporary(name);
    return {};
}

Result<void> read_steps(const TomlValue& node, Scenario& scenario) {
    if (node.kind != TomlValue::Kind::table) return at(node, "expected tables [step.NAME]");
    for (const auto& [name, step] : node.keys) PLIM_TRY(read_step(step, name, scenario));
    return {};
}

Result<void> read_stop(const TomlValue& node, Scenario& scenario) {
    auto& stop = scenario.stop.emplace();
    return read_table(node, {{"at", into(stop.first, parse_duration)}, {"mode", into(stop.second, parse_stop)}});
}

Result<void> read_expect(const TomlValue& node, std::vector<Expectation>& expectations) {
    if (node.kind != TomlValue::Kind::table) return at(node, "expected a table");
    int run = 0;
    if (const auto number = node.keys.find("run"); number != node.keys.end())
        PLIM_TRY(into(run, parse_count)(number->second));
    for (const auto& [what, wanted] : node.keys) {
        if (what == "run") continue;
        std::vector<std::string> all;
        if (wanted.kind == TomlValue::Kind::list) PLIM_TRY(texts(all)(wanted));
        else all.push_back(PLIM_TRY(text_of(wanted)));
        for (std::string& one : all) expectations.push_back({run, what, std::move(one)});
    }
    return {};
}

/// What the simulated machine can do to tasks.
Result<void> read_abilities(const TomlValue& node, shape::Abilities& abilities) {
    return read_table(node, {{"limits_memory", into(abilities.limits_memory, parse_flag)},
                             {"notices", into(abilities.notices, parse_flag)},
                             {"freezes", into(abilities.freezes, parse_flag)}});
}

/// A config file in a line of text: its queues.
Result<void> read_config(const TomlValue& node, Scenario& scenario) {
    scenario.config = PLIM_TRY(text_of(node));
    config::ReadConfig read = config::read_config_text(scenario.config, "config");
    if (!read.problems.empty()) return at(node, workflow::format(read.problems.front()));
    scenario.queues = std::move(read.config.queues);
    return {};
}

Result<ScenarioFile> read_parts(const TomlValue& root, const std::string& folder) {
    ScenarioFile file;
    Scenario& scenario = file.scenario;
    int seed = 1;
    const auto later = [](const TomlValue&) -> Result<void> { return {}; };
    PLIM_TRY(
        read_table(root, {{"description", into(scenario.description, parse_text)},
                          {"seed", into(seed, parse_count)},
                          {"runs", into(scenario.runs, parse_count)},
                          {"forecaster", into(scenario.forecaster, parse_text)},
                          {"keep_going", into(scenario.keep_going, parse_flag)},
                          {"shape", into(scenario.shape, loop::parse_shape_mode)},
                          {"history_lag", into(scenario.history_lag, parse_duration)},
                          {"config", [&](const auto& node) { return read_config(node, scenario); }},
                          {"abilities", [&](const auto& node) { return read_abilities(node, scenario.abilities); }},
                          {"cluster", [&](const auto& node) { return read_cluster(node, scenario.nodes); }},
                          {"workflow", [&](const auto& node) { return read_workflow(node, folder, scenario); }},
                          {"stop", [&](const auto& node) { return read_stop(node, scenario); }},
                          {"expect",
                           [&](const auto& node) -> Result<void> {
                               if (node.kind == TomlValue::Kind::table) return read_expect(node, file.expectations);
                               return each(node, [&](const auto& one) { return read_expect(one, file.expectations); });
                           }},
                          {"step", later},
                          {"fault", later}}));
    scenario.seed = static_cast<std::uint64_t>(seed);
    if (scenario.nodes.empty())
        return at(root, "the cluster is missing; write cluster = {nodes = 1, cpu = 4, memory = \"16GiB\"}");
    if (scenario.workflow.tasks.empty())
        return at(root, "the workflow is missing; write workflow.drawing = \"a; b*2 <- a\"");
    // These speak of the workflow's steps and of nodes, wherever they stand in the file.
    if (const auto steps = root.keys.find("step"); steps != root.keys.end())
        PLIM_TRY(read_steps(steps->second, scenario));
    if (const auto faults = root.keys.find("fault"); faults != root.keys.end())
        PLIM_TRY(each(faults->second, [&](const TomlValue& fault) { return read_fault(fault, scenario); }));
    return file;
}

}  // namespace

Result<ScenarioFile> read_scenario(const std::string& path) {
    const std::string text = PLIM_TRY(read_file(path));
    auto file = parse_scenario(text, std::filesystem::path(path).parent_path().string());
    if (file) return file;
    return invalid(path + ":" + file.error().message);
}

Result<ScenarioFile> parse_scenario(std::string_view text, const std::string& folder) {
    return read_parts(PLIM_TRY(parse_toml(text)), folder);
}

}  // namespace plimsoll::simulate
