// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/read_step.h"

#include <fmt/format.h>

#include <algorithm>

#include "plimsoll/base/text.h"
#include "plimsoll/workflow/keys.h"
#include "plimsoll/workflow/read_settings.h"

namespace plimsoll::workflow {
namespace {

enum class Kind { input, output };

std::string_view name_of(Kind kind) { return kind == Kind::input ? "an input" : "an output"; }

/// {path: P, temporary: true}
bool is_output_map(const Node& node) {
    return find(node, "path") != nullptr &&
           std::all_of(node.entries.begin(), node.entries.end(), [](const Entry& entry) {
               return std::find(std::begin(output_keys), std::end(output_keys), entry.key) != std::end(output_keys);
           });
}

void read_item(const Node& node, Kind kind, Group& into, Reading& reading) {
    bool temporary = false;
    const Node* path = &node;
    if (node.is_map() && kind == Kind::output && find(node, "path") != nullptr) {
        const Fields fields(node, "an output", output_keys, reading);
        temporary = fields.flag("temporary").value_or(false);
        path = fields.find("path");
        if (path == nullptr) return;
    }
    auto text = template_text(*path, name_of(kind), reading);
    if (!text) return;
    if (clean_path(text->source).empty())
        return reading.problems.add(text->mark,
                                    fmt::format("{} without a path; name a file, or take it away", name_of(kind)));
    into.items.push_back({.path = std::move(*text), .temporary = temporary});
}

Group read_group(std::string name, const Node& node, Kind kind, Reading& reading) {
    Group group{.name = std::move(name), .mark = node.mark, .items = {}, .is_list = node.is_list()};
    if (!node.is_list()) read_item(node, kind, group, reading);
    for (const Node& item : node.items) read_item(item, kind, group, reading);
    return group;
}

std::vector<Group> read_groups(const Node* node, Kind kind, Reading& reading) {
    std::vector<Group> groups;
    if (node == nullptr) return groups;
    if (!node->is_map() || (kind == Kind::output && is_output_map(*node))) {
        groups.push_back(read_group("", *node, kind, reading));
        return groups;
    }
    for (const Entry& entry : node->entries) {
        if (!is_identifier(entry.key))
            reading.problems.add(
                entry.mark, fmt::format("'{}' cannot name {}; use letters, digits and _", entry.key, name_of(kind)));
        else if (entry.value.is_null())
            reading.problems.add(entry.mark, fmt::format("'{}' has no path; name a file, or take it away", entry.key));
        else groups.push_back(read_group(entry.key, entry.value, kind, reading));
    }
    return groups;
}

/// Marks the outputs that `temporary` names, by group or by path.
void mark_temporary(const Node& node, StepDescription& step, Reading& reading) {
    for (const auto& [name, mark] : text_list(node, "a temporary output's name", reading)) {
        std::vector<std::string> known;
        bool found = false;
        for (Group& group : step.outputs) {
            known.push_back(group.name);
            for (Item& item : group.items) {
                known.push_back(item.path.source);
                const bool meant = name == item.path.source || (!group.name.empty() && name == group.name);
                item.temporary |= meant;
                found |= meant;
            }
        }
        if (found) continue;
        const auto near = nearest_name(name, known);
        reading.problems.add(mark, fmt::format("'{}' is no output of the step; {}", name,
                                               near ? fmt::format("did you mean '{}'?", *near)
                                                    : "name one of its 'outputs', or its path as written there"));
    }
}

void read_command(const Fields& fields, StepDescription& step, Reading& reading) {
    const Node* command = fields.find("command");
    if (command == nullptr)
        return reading.problems.add(
            step.mark, fmt::format("step '{}' has no command; write what it runs under 'command'", step.step.name));
    if (auto text = template_text(*command, "'command'", reading)) step.command = std::move(*text);
    if (command->is_scalar() && step.command.source.find_first_not_of(" \t\n") == std::string::npos)
        reading.problems.add(command->mark, "an empty command; write what the step runs");
}

}  // namespace

StepDescription read_step(const Entry& entry, const StepDescription& defaults, Reading& reading) {
    const std::size_t before = reading.problems.found();
    StepDescription step = defaults;
    step.step.name = entry.key;
    step.mark = entry.mark;
    if (!is_identifier(entry.key, true))
        reading.problems.add(
            entry.mark,
            fmt::format("'{}' cannot name a step; use letters, digits, _ and -, a letter first", entry.key));
    const Fields fields(entry.value, fmt::format("step '{}'", entry.key), step_keys, reading);
    read_command(fields, step, reading);
    step.inputs = read_groups(fields.find("inputs"), Kind::input, reading);
    step.outputs = read_groups(fields.find("outputs"), Kind::output, reading);
    if (const Node* temporary = fields.find("temporary")) mark_temporary(*temporary, step, reading);
    if (const Node* scatter = fields.find("scatter")) step.scatter = read_scatter(*scatter, reading);
    if (const Node* split = fields.find("split")) step.split = read_split(*split, reading);
    if (const Node* needs = fields.find("needs")) step.needs = text_list(*needs, "a step's name", reading);
    step.sound = reading.problems.found() == before;
    read_settings(fields, step, reading);  // what is wrong here does not keep tasks from being made
    return step;
}

}  // namespace plimsoll::workflow
