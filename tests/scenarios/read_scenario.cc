// SPDX-License-Identifier: Apache-2.0
#include "read_scenario.h"

#define TOML_EXCEPTIONS 0
#include <fmt/format.h>

#include <filesystem>
#include <functional>

#include <toml++/toml.h>

#include "plimsoll/base/file.h"
#include "plimsoll/workflow/load.h"

namespace plimsoll::simulate {
namespace {

using Read = std::function<Result<void>(const toml::node&)>;
using Keys = std::map<std::string_view, Read>;

Error at(const toml::node& node, std::string_view what) {
    return invalid(fmt::format("{}:{}: {}", node.source().begin.line, node.source().begin.column, what));
}

Result<void> read_table(const toml::node& node, const Keys& keys) {
    const toml::table* table = node.as_table();
    if (!table) return at(node, "expected a table");
    for (const auto& [key, value] : *table) {
        const auto known = keys.find(key.str());
        if (known == keys.end()) return at(value, fmt::format("unknown key '{}'", key.str()));
        PLIM_TRY(known->second(value));
    }
    return {};
}

/// The text of a scalar: "4", "16GiB", "true".
Result<std::string> text_of(const toml::node& node) {
    if (const auto text = node.value_exact<std::string>()) return *text;
    if (const auto flag = node.value_exact<bool>()) return std::string(*flag ? "true" : "false");
    if (const auto whole = node.value_exact<std::int64_t>()) return fmt::format("{}", *whole);
    if (const auto number = node.value_exact<double>()) return fmt::format("{}", *number);
    return at(node, "expected a text or a number");
}

template <class Value>
Read into(Value& value, Result<Value> (*parse)(std::string_view)) {
    return [&value, parse](const toml::node& node) -> Result<void> {
        auto parsed = parse(PLIM_TRY(text_of(node)));
        if (!parsed) return at(node, parsed.error().message);
        value = std::move(*parsed);
        return {};
    };
}

template <class Value>
Read into(std::optional<Value>& value, Result<Value> (*parse)(std::string_view)) {
    return [&value, parse](const toml::node& node) { return into(value.emplace(), parse)(node); };
}

Result<double> parse_number(std::string_view text) {
    const std::string copy(text.starts_with('x') ? text.substr(1) : text);  // "x1.6" reads as 1.6
    char* end = nullptr;
    const double number = std::strtod(copy.c_str(), &end);
    if (copy.empty() || *end != '\0') return invalid(fmt::format("'{}' is not a number", text));
    return number;
}
Result<int> parse_count(std::string_view text) { return static_cast<int>(PLIM_TRY(parse_number(text))); }
Result<bool> parse_flag(std::string_view text) {
    if (text == "true" || text == "false") return text == "true";
    return invalid("expected true or false");
}
Result<std::string> parse_text(std::string_view text) { return std::string(text); }
Result<loop::StopMode> parse_stop(std::string_view text) {
    if (text == "drain") return loop::StopMode::drain;
    if (text == "terminate") return loop::StopMode::terminate;
    if (text == "kill") return loop::StopMode::kill;
    return invalid("a stop is drain, terminate or kill");
}

Read texts(std::vector<std::string>& into_list) {
    return [&into_list](const toml::node& node) -> Result<void> {
        const toml::array* list = node.as_array();
        if (!list) return at(node, "expected a list");
        for (const toml::node& item : *list) into_list.push_back(PLIM_TRY(text_of(item)));
        return {};
    };
}

Result<void> each(const toml::node& node, const std::function<Result<void>(const toml::node&)>& read) {
    const toml::array* list = node.as_array();
    if (!list) return at(node, "expected a list of tables, [[...]]");
    for (const toml::node& item : *list) PLIM_TRY(read(item));
    return {};
}

Result<void> read_cluster(const toml::node& node, std::vector<Node>& nodes) {
    int count = 1;
    Resources each_has;
    PLIM_TRY(read_table(node, {{"nodes", into(count, parse_count)},
                               {"cpu", into(each_has.cpu, parse_cores)},
                               {"memory", into(each_has.memory, parse_bytes)},
                               {"gpu", into(each_has.gpu, parse_number)}}));
    for (int id = 0; id < count; ++id)
        nodes.push_back({.id = static_cast<NodeId>(id), .name = fmt::format("node{}", id), .capacity = each_has});
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

Result<void> read_workflow(const toml::node& node, const std::string& folder, Scenario& scenario) {
    std::string drawing, file;
    std::vector<std::string> files;
    PLIM_TRY(read_table(node, {{"drawing", into(drawing, parse_text)},
                               {"file", into(file, parse_text)},
                               {"files", texts(files)},
                               {"up_to_date", texts(scenario.up_to_date)}}));
    auto read = file.empty() ? draw(drawing) : load_file(folder + "/" + file, files);
    if (!read) return at(node, read.error().message);
    scenario.workflow = std::move(*read);
    return {};
}

Result<void> read_step(const toml::node& node, const std::string& name, Scenario& scenario) {
    Step* step = scenario.workflow.step(name);
    if (!step) return at(node, fmt::format("the workflow has no step '{}'", name));
    StepTruth& truth = scenario.truths[name];
    const Read request = [&](const toml::node& table) {
        Request& asked = step->request;
        return read_table(table, {{"cpu", into(asked.cpu, parse_cores)},
                                  {"memory", into(asked.memory, parse_bytes)},
                                  {"time", into(asked.time, parse_duration)},
                                  {"gpu", into(asked.gpu, parse_number)}});
    };
    bool temporary = false;
    PLIM_TRY(read_table(node, {{"runtime", into(truth.typical.runtime, parse_duration)},
                               {"memory", into(truth.typical.memory_peak, parse_bytes)},
                               {"cpu", into(truth.typical.cpu, parse_cores)},
                               {"input", into(truth.typical.input_bytes, parse_bytes)},
                               {"spread", into(truth.spread, parse_number)},
                               {"input_spread", into(truth.input_spread, parse_number)},
                               {"request", request},
                               {"timeout", into(step->timeout, parse_duration)},
                               {"deadline", into(step->deadline, parse_duration)},
                               {"priority", into(step->priority, parse_number)},
                               {"retry", into(step->retry.on_failure, parse_count)},
                               {"retry_out_of_memory", into(step->retry.on_out_of_memory, parse_count)},
                               {"retry_timeout", into(step->retry.on_timeout, parse_count)},
                               {"temporary", into(temporary, parse_flag)}}));
    if (temporary) scenario.workflow.make_temporary(name);
    return {};
}

Result<void> read_steps(const toml::node& node, Scenario& scenario) {
    const toml::table* steps = node.as_table();
    if (!steps) return at(node, "expected tables [step.NAME]");
    for (const auto& [name, step] : *steps) PLIM_TRY(read_step(step, std::string(name.str()), scenario));
    return {};
}

Result<void> read_fault(const toml::node& node, Scenario& scenario) {
    StepFault fault;
    OthersFault others;
    std::optional<Duration> from, until;
    std::string history;
    PLIM_TRY(read_table(node, {{"step", into(fault.step, parse_text)},
                               {"at_run", into(fault.at_run, parse_count)},
                               {"attempts", into(fault.attempts, parse_count)},
                               {"memory_peak", into(fault.memory, parse_number)},
                               {"runtime", into(fault.runtime, parse_number)},
                               {"exit_code", into(fault.exit_code, parse_count)},
                               {"input_changes", into(fault.input_changes, parse_flag)},
                               {"cannot_start", into(fault.cannot_start, parse_flag)},
                               {"ignores_terminate", into(fault.ignores_terminate, parse_flag)},
                               {"others", into(others.amounts, parse_resources)},
                               {"history", into(history, parse_text)},
                               {"from", into(from, parse_duration)},
                               {"until", into(until, parse_duration)}}));
    if (!fault.step.empty()) {
        if (!scenario.workflow.step(fault.step)) return at(node, "the workflow has no step '" + fault.step + "'");
        scenario.step_faults.push_back(fault);
        return {};
    }
    if (!from || !until) return at(node, "a fault names a step, or from and until");
    if (history == "full") scenario.store.trouble.emplace_back(Instant(*from), Instant(*until));
    else if (history.empty()) scenario.others.push_back({*from, *until, others.amounts});
    else return at(node, "history can be \"full\"");
    return {};
}

Result<void> read_stop(const toml::node& node, Scenario& scenario) {
    auto& stop = scenario.stop.emplace();
    return read_table(node, {{"at", into(stop.first, parse_duration)}, {"mode", into(stop.second, parse_stop)}});
}

Result<void> read_expect(const toml::node& node, std::vector<Expectation>& expectations) {
    const toml::table* table = node.as_table();
    if (!table) return at(node, "expected a table");
    int run = 0;
    if (const toml::node* number = table->get("run")) PLIM_TRY(into(run, parse_count)(*number));
    for (const auto& [what, wanted] : *table) {
        if (what.str() == "run") continue;
        std::vector<std::string> all;
        if (wanted.is_array()) PLIM_TRY(texts(all)(wanted));
        else all.push_back(PLIM_TRY(text_of(wanted)));
        for (std::string& one : all) expectations.push_back({run, std::string(what.str()), std::move(one)});
    }
    return {};
}

Result<ScenarioFile> read_parts(const toml::table& root, const std::string& folder) {
    ScenarioFile file;
    Scenario& scenario = file.scenario;
    int seed = 1;
    const toml::node* steps = root.get("step");
    const toml::node* faults = root.get("fault");
    const auto later = [](const toml::node&) -> Result<void> { return {}; };
    PLIM_TRY(read_table(root, {{"description", into(scenario.description, parse_text)},
                               {"seed", into(seed, parse_count)},
                               {"runs", into(scenario.runs, parse_count)},
                               {"forecaster", into(scenario.forecaster, parse_text)},
                               {"keep_going", into(scenario.keep_going, parse_flag)},
                               {"shape", into(scenario.shape, loop::parse_shape_mode)},
                               {"history_lag", into(scenario.store.lag_max, parse_duration)},
                               {"cluster", [&](const auto& node) { return read_cluster(node, scenario.nodes); }},
                               {"workflow", [&](const auto& node) { return read_workflow(node, folder, scenario); }},
                               {"stop", [&](const auto& node) { return read_stop(node, scenario); }},
                               {"expect",
                                [&](const auto& node) -> Result<void> {
                                    if (node.is_table()) return read_expect(node, file.expectations);
                                    return each(node,
                                                [&](const auto& one) { return read_expect(one, file.expectations); });
                                }},
                               {"step", later},
                               {"fault", later}}));
    scenario.seed = static_cast<std::uint64_t>(seed);
    // These speak of the workflow's steps, wherever they stand in the file.
    if (steps) PLIM_TRY(read_steps(*steps, scenario));
    if (faults) PLIM_TRY(each(*faults, [&](const toml::node& fault) { return read_fault(fault, scenario); }));
    return file;
}

}  // namespace

Result<ScenarioFile> read_scenario(const std::string& path) {
    const std::string text = PLIM_TRY(read_file(path));
    const toml::parse_result parsed = toml::parse(text, path);
    if (!parsed) {
        const auto where = parsed.error().source().begin;
        return invalid(fmt::format("{}:{}:{}: {}", path, where.line, where.column, parsed.error().description()));
    }
    auto file = read_parts(parsed.table(), std::filesystem::path(path).parent_path().string());
    if (!file) return file.error().within(path);
    return file;
}

}  // namespace plimsoll::simulate
