// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/scope.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "plimsoll/base/text.h"

namespace plimsoll::workflow {
namespace {

constexpr std::array<std::string_view, 5> reserved = {"input", "output", "cpu", "memory", "steps"};

std::string suggestion(std::string_view name, std::span<const std::string> known, std::string_view otherwise) {
    if (const auto near = nearest_name(name, known)) return fmt::format("did you mean '{}'?", *near);
    return std::string(otherwise);
}

std::vector<std::string> names_of(const Values& values) {
    std::vector<std::string> names;
    for (const NamedValue& each : values)
        if (!each.name.empty()) names.push_back(each.name);
    return names;
}

const Value* find(const Values& values, std::string_view name) {
    for (const NamedValue& each : values)
        if (each.name == name) return &each.value;
    return nullptr;
}

/// The rest of the path must be one part of a path, or nothing.
Result<Resolved> with_part(Resolved resolved, const Placeholder& placeholder, std::size_t used,
                           std::vector<std::string> known = {}) {
    const std::size_t left = placeholder.path.size() - used;
    if (left == 0) return resolved;
    const std::string& name = placeholder.path[used];
    const std::optional<Part> part = parse_part(name);
    if (part && left == 1) {
        resolved.part = *part;
        return resolved;
    }
    for (const char* each : {"name", "stem", "dir", "ext"}) known.emplace_back(each);
    return invalid(fmt::format("'{}' has no '{}'; {}", placeholder.written, name,
                               suggestion(name, known, fmt::format("known are {}", join(known, ", ")))));
}

/// {input}, {input.NAME}, {output}, {output.NAME}.
Result<Resolved> resolve_files(const Placeholder& placeholder, const Values& groups) {
    const std::string& kind = placeholder.path.front();
    if (groups.empty())
        return invalid(
            fmt::format("'{}', but the step has no {}s; declare them under '{}s'", placeholder.written, kind, kind));
    if (placeholder.path.size() > 1) {
        if (const Value* group = find(groups, placeholder.path[1]))
            return with_part({.values = {group}}, placeholder, 2);
    }
    Resolved all;
    for (const NamedValue& group : groups) all.values.push_back(&group.value);
    return with_part(std::move(all), placeholder, 1, names_of(groups));
}

/// {steps.X.outputs}, {steps.X.outputs.NAME}.
Result<Resolved> resolve_steps(const Placeholder& placeholder, const Scope& scope) {
    const auto& path = placeholder.path;
    if (path.size() < 3 || path[2] != "outputs")
        return invalid(fmt::format("'{}' is not complete; write {{steps.NAME.outputs}} or {{steps.NAME.outputs.NAME}}",
                                   placeholder.written));
    const StepFiles* files = scope.steps(path[1]);
    if (files == nullptr)
        return invalid(fmt::format("no step '{}'; {}", path[1],
                                   suggestion(path[1], scope.step_names, "name a step of this file")));
    if (files->groups.empty())
        return invalid(fmt::format("step '{}' has no outputs; declare them, or name it under 'needs'", path[1]));
    if (path.size() > 3) {
        if (const Value* group = find(files->groups, path[3])) return with_part({.values = {group}}, placeholder, 4);
    }
    return with_part({.values = {&files->all}}, placeholder, 3, names_of(files->groups));
}

bool is_secret(std::string_view name, const Scope& scope) {
    return std::find(scope.secrets.begin(), scope.secrets.end(), name) != scope.secrets.end();
}

/// A name that is known in workflows, only not at this place.
std::optional<std::string> known_elsewhere(std::string_view root, const Scope& scope) {
    if (root == "steps")
        return "'{steps...}' stands under 'inputs' and 'scatter' only; declare the file under 'inputs' and use "
               "{input.NAME}";
    if (root == "cpu" || root == "memory")
        return fmt::format("'{{{}}}' is not known {}, but only in commands, when a task starts; use it there", root,
                           scope.place);
    if (root == "input" || root == "output")
        return fmt::format("'{{{}}}' cannot be used {}; name the path itself", root, scope.place);
    return std::nullopt;
}

Error unknown(const Placeholder& placeholder, const Scope& scope) {
    const std::string& root = placeholder.path.front();
    if (is_secret(root, scope))
        return invalid(
            fmt::format("'{}' is a secret, whose value stays out of workflow and history; write \"${}\" in the command",
                        root, root));
    if (const auto elsewhere = known_elsewhere(root, scope)) return invalid(*elsewhere);
    std::vector<std::string> known;
    if (scope.row != nullptr) known = names_of(*scope.row);
    if (scope.globals != nullptr)
        for (const auto& [name, value] : *scope.globals) known.push_back(name);
    if (scope.inputs != nullptr) known.emplace_back("input");
    if (scope.outputs != nullptr) known.emplace_back("output");
    if (scope.has_allotment) known.insert(known.end(), {"cpu", "memory"});
    if (scope.steps) known.emplace_back("steps");
    const auto near = nearest_name(root, known);
    std::string remedy = near ? fmt::format("did you mean '{{{}}}'?", *near)
                         : scope.shared_by_tasks
                             ? "declare it under 'params' or 'inputs' of the workflow, or use it in the command"
                             : "declare it under 'params', 'inputs' or 'scatter'";
    if (placeholder.path.size() == 1) remedy += fmt::format(" (for literal braces write {{{{{}}}}})", root);
    return invalid(fmt::format("unknown placeholder '{}' {}; {}", placeholder.written, scope.place, remedy));
}

}  // namespace

std::size_t Resolved::word_count() const {
    std::size_t count = 0;
    for (const Value* value : values) count += value->words.size();
    return count;
}

Result<Resolved> resolve(const Placeholder& placeholder, const Scope& scope) {
    const std::string& root = placeholder.path.front();
    if (scope.row != nullptr) {
        if (const Value* value = find(*scope.row, root)) return with_part({.values = {value}}, placeholder, 1);
    }
    if (root == "input" && scope.inputs != nullptr) return resolve_files(placeholder, *scope.inputs);
    if (root == "output" && scope.outputs != nullptr) return resolve_files(placeholder, *scope.outputs);
    if (root == "steps" && scope.steps) return resolve_steps(placeholder, scope);
    if (scope.globals != nullptr) {
        const auto named = scope.globals->find(root);
        if (named != scope.globals->end()) return with_part({.values = {&named->second}}, placeholder, 1);
    }
    return unknown(placeholder, scope);
}

std::optional<Command::Allotted> allotted(const Placeholder& placeholder) {
    const auto& path = placeholder.path;
    if (path.size() == 1 && path[0] == "cpu") return Command::Allotted::cpu;
    if (path[0] != "memory" || path.size() > 2) return std::nullopt;
    if (path.size() == 1) return Command::Allotted::memory_bytes;
    if (path[1] == "mib") return Command::Allotted::memory_mib;
    if (path[1] == "gib") return Command::Allotted::memory_gib;
    return std::nullopt;
}

bool is_reserved(std::string_view name) { return std::find(reserved.begin(), reserved.end(), name) != reserved.end(); }

}  // namespace plimsoll::workflow
