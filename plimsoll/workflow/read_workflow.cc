// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/read_workflow.h"

#include <fmt/format.h>

#include <algorithm>

#include "plimsoll/base/text.h"
#include "plimsoll/workflow/keys.h"
#include "plimsoll/workflow/paths.h"
#include "plimsoll/workflow/read_settings.h"
#include "plimsoll/workflow/read_step.h"

namespace plimsoll::workflow {
namespace {

using Overrides = std::map<std::string, std::string>;

bool may_name(std::string_view name, Mark mark, std::string_view what, Reading& reading) {
    if (is_identifier(name) && !is_reserved(name) && !reading.globals.contains(name)) return true;
    if (!is_identifier(name))
        reading.problems.add(mark, fmt::format("'{}' cannot name {}; use letters, digits and _", name, what));
    else if (is_reserved(name))
        reading.problems.add(mark, fmt::format("'{}' is a name of Plimsoll's own; give {} another name", name, what));
    else reading.problems.add(mark, fmt::format("'{}' is a parameter already; give {} another name", name, what));
    return false;
}

void read_params(const Node& node, Reading& reading) {
    if (!node.is_map())
        return reading.problems.add(node.mark,
                                    fmt::format("'params' must be a map, not {}; write name: value", kind_name(node)));
    for (const Entry& entry : node.entries) {
        // One with a name of Plimsoll's own is told once: where it is used, it is taken for what it was meant to be.
        if (!may_name(entry.key, entry.mark, "a parameter", reading) && !is_reserved(entry.key)) continue;
        if (!entry.value.is_scalar() && !entry.value.is_null()) {
            reading.problems.add(
                entry.value.mark,
                fmt::format("the parameter '{}' must be a single value, not {}; a list of files goes under 'inputs', "
                            "a list to run over under 'scatter'",
                            entry.key, kind_name(entry.value)));
            continue;
        }
        reading.globals[entry.key] = {.words = {entry.value.text}};
    }
}

/// The paths of one item: a pattern stands for the files that match it on disk.
void look_up(const Template& text, std::string_view folder, const FileWorld& files, bool must_exist, Value& into,
             Reading& reading) {
    const Scope scope{.globals = &reading.globals, .secrets = reading.secrets, .place = "in the workflow's inputs"};
    const std::optional<Value> paths = render_paths(text, scope, folder, reading.problems);
    if (!paths) return;
    for (const std::string& path : paths->words) {
        if (!is_pattern(path, *paths, files)) {
            into.words.push_back(path);
            continue;
        }
        into.is_list = true;
        const std::vector<std::string> found = files.glob(path);
        into.words.insert(into.words.end(), found.begin(), found.end());
        if (found.empty() && must_exist)
            reading.problems.add(
                text.mark,
                fmt::format("no file matches '{}' in {}; correct the pattern, or put the files there", path, folder));
    }
}

class InputsReader {
public:
    InputsReader(std::string_view folder, const FileWorld& files, bool must_exist, Description& into, Reading& reading)
        : folder_(folder), files_(files), must_exist_(must_exist), into_(into), reading_(reading) {}

    void read(const Entry& entry, const std::string* replaced) {
        if (!may_name(entry.key, entry.mark, "an input", reading_)) return;
        Value value{.words = {}, .is_list = entry.value.is_list() && replaced == nullptr, .is_path = true};
        if (replaced != nullptr) add(literal_template(*replaced, entry.value.mark), value);
        else if (entry.value.is_list())
            for (const Node& item : entry.value.items) add_text(item, entry.key, value);
        else add_text(entry.value, entry.key, value);
        reading_.globals[entry.key] = std::move(value);
    }

private:
    void add_text(const Node& node, std::string_view name, Value& value) {
        if (auto text = template_text(node, fmt::format("the input '{}'", name), reading_)) add(*text, value);
    }
    void add(const Template& text, Value& value) {
        const std::size_t before = value.words.size();
        look_up(text, folder_, files_, must_exist_, value, reading_);
        for (std::size_t i = before; i < value.words.size(); ++i) into_.input_places.emplace(value.words[i], text.mark);
    }

    std::string_view folder_;
    const FileWorld& files_;
    bool must_exist_;
    Description& into_;
    Reading& reading_;
};

/// "--set NAME=VALUE" by name; what is not of that form is a problem.
Overrides parse_overrides(const std::vector<std::string>& texts, Reading& reading) {
    Overrides overrides;
    for (const std::string& text : texts) {
        const std::size_t equals = text.find('=');
        if (equals == std::string::npos || equals == 0)
            reading.problems.add_argument("--set " + text, "no value; write --set NAME=VALUE");
        else overrides[text.substr(0, equals)] = text.substr(equals + 1);
    }
    return overrides;
}

void override_params(const Overrides& overrides, Reading& reading) {
    for (const auto& [name, value] : overrides) {
        const auto param = reading.globals.find(name);
        if (param != reading.globals.end()) param->second.words = {value};
    }
}

void reject_unknown_overrides(const Overrides& overrides, Reading& reading) {
    std::vector<std::string> known;
    for (const auto& [name, value] : reading.globals) known.push_back(name);
    for (const auto& [name, value] : overrides) {
        if (reading.globals.contains(name)) continue;
        const auto near = nearest_name(name, known);
        const std::string remedy = near            ? fmt::format("did you mean '{}'?", *near)
                                   : known.empty() ? "declare it under 'params' first"
                                                   : fmt::format("the workflow has {}", join(known, ", "));
        reading.problems.add_argument(fmt::format("--set {}={}", name, value),
                                      fmt::format("no parameter or input '{}'; {}", name, remedy));
    }
}

void read_steps(const Node& node, const StepDescription& defaults, Description& into, Reading& reading) {
    if (!node.is_map() || node.entries.empty())
        return reading.problems.add(
            node.mark, fmt::format("'steps' must be a map of steps by name, not {}; write NAME: {{command: ...}}",
                                   node.is_map() ? "an empty one" : kind_name(node)));
    for (const Entry& entry : node.entries) reading.step_names.push_back(entry.key);
    into.steps.reserve(node.entries.size());
    for (const Entry& entry : node.entries) into.steps.push_back(read_step(entry, defaults, reading));
}

std::string read_name(const Fields& fields, std::string otherwise, Reading& reading) {
    const std::string name = fields.text("name").value_or(std::move(otherwise));
    const bool printable = std::none_of(name.begin(), name.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; });
    if (const Node* node = fields.find("name"); node != nullptr && (name.empty() || !printable))
        reading.problems.add(node->mark, "the workflow's name must be one line of text; history gathers under it");
    return name;
}

}  // namespace

Description read_workflow(Node root, std::string default_name, std::string_view folder, const FileWorld& files,
                          const LoadOptions& options, Reading& reading) {
    // Top-level keys that begin with "x-" are the user's own: a place for anchors.
    std::erase_if(root.entries, [](const Entry& entry) { return entry.key.starts_with("x-"); });
    const Overrides overrides = parse_overrides(options.overrides, reading);
    const Fields fields(root, "a workflow", workflow_keys, reading);
    Description description;
    if (const Node* params = fields.find("params")) read_params(*params, reading);
    override_params(overrides, reading);
    StepDescription defaults;
    if (const Node* secrets = fields.find("secrets")) read_secrets(*secrets, defaults.step.secrets, reading);
    reading.secrets = defaults.step.secrets;
    if (const Node* inputs = fields.find("inputs")) {
        InputsReader reader(folder, files, options.inputs_must_exist, description, reading);
        if (!inputs->is_map()) reading.problems.add(inputs->mark, "'inputs' must be a map; write name: path");
        for (const Entry& entry : inputs->entries) {
            const auto replaced = overrides.find(entry.key);
            reader.read(entry, replaced == overrides.end() ? nullptr : &replaced->second);
        }
    }
    reject_unknown_overrides(overrides, reading);
    description.name = read_name(fields, std::move(default_name), reading);
    if (const Node* env = fields.find("env")) read_environment(*env, defaults.step.env, reading);
    if (const Node* settings = fields.find("defaults"))
        read_settings(Fields(*settings, "'defaults'", settings_keys, reading), defaults, reading);
    if (const Node* steps = fields.find("steps")) read_steps(*steps, defaults, description, reading);
    else if (root.is_map() && workflow::find(root, "steps") == nullptr)
        reading.problems.add(root.mark,
                             "no 'steps'; a workflow needs at least one: steps: {hello: {command: echo hello}}");
    return description;
}

}  // namespace plimsoll::workflow
