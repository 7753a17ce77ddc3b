// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/step_outputs.h"

#include <fmt/format.h>

#include <algorithm>

#include "plimsoll/base/text.h"
#include "plimsoll/workflow/order.h"
#include "plimsoll/workflow/paths.h"
#include "plimsoll/workflow/scatter.h"
#include "plimsoll/workflow/step_references.h"

namespace plimsoll::workflow {
namespace {

/// Only wildcards that the file itself writes make a pattern; those in a scatter value are part of a name.
bool declares_pattern(const Template& text) {
    return std::any_of(text.pieces.begin(), text.pieces.end(), [](const Piece& piece) {
        const auto* literal = std::get_if<std::string>(&piece);
        return literal != nullptr && is_glob(*literal);
    });
}

void append(Value& all, const Value& more) {
    all.words.insert(all.words.end(), more.words.begin(), more.words.end());
    all.is_list |= more.is_list;
    all.has_patterns |= more.has_patterns;
}

}  // namespace

StepOutputs::StepOutputs(Expanding& work) : work_(work), inputs_(work), files_(work.description.steps.size()) {
    for (const StepDescription& described : work.description.steps) {
        numbers_.emplace(described.step.name, static_cast<std::uint32_t>(step_names_.size()));
        step_names_.push_back(described.step.name);
    }
}

bool StepOutputs::all_known(const std::vector<std::uint32_t>& steps) const {
    return std::all_of(steps.begin(), steps.end(),
                       [this](std::uint32_t step) { return work_.result.steps[step].has_outputs; });
}

Scope StepOutputs::scope_of(std::uint32_t step, std::string_view place) {
    return {.globals = &work_.globals,
            .steps = [this](std::string_view name) { return files_of(name); },
            .secrets = work_.description.steps[step].step.secrets,
            .step_names = step_names_,
            .place = place};
}

void StepOutputs::expand() {
    const auto needs = references_for_outputs(work_.description.steps);
    const Ordering ordering =
        order(static_cast<std::uint32_t>(needs.size()), [&](std::uint32_t i) { return std::span(needs[i]); });
    std::unordered_set<std::uint32_t> circular;
    for (const auto& cycle : ordering.cycles) tell_cycle(cycle, circular);
    for (const std::uint32_t i : ordering.order) {
        const bool known = work_.description.steps[i].sound && !circular.contains(i) && all_known(needs[i]);
        work_.result.steps[i].has_outputs = known && make_rows(i) && make_outputs(i);
    }
}

void StepOutputs::tell_cycle(const std::vector<std::uint32_t>& cycle, std::unordered_set<std::uint32_t>& circular) {
    std::vector<std::string> names;
    for (const std::uint32_t i : cycle) names.push_back(step_names_[i]);
    circular.insert(cycle.begin(), cycle.end());
    work_.problems.add(
        work_.description.steps[cycle.front()].mark,
        fmt::format("the steps name each other in a circle: {}; in one of them, name a path instead of {{steps...}}",
                    draw_cycle(std::move(names))));
}

bool StepOutputs::make_rows(std::uint32_t number) {
    const ExpandOptions& options = work_.options;
    const ScatterPlace place{
        .files = options.files, .folder = options.folder, .rows_max = options.tasks_max - tasks_so_far_};
    auto rows =
        scatter_rows(work_.description.steps[number].scatter, scope_of(number, "in 'scatter'"), place, work_.problems);
    if (!rows) return false;
    tasks_so_far_ += std::min(rows->size(), place.rows_max);
    work_.result.steps[number].rows = std::move(*rows);
    return true;
}

bool StepOutputs::make_outputs(std::uint32_t number) {
    const StepDescription& described = work_.description.steps[number];
    ExpandedStep& step = work_.result.steps[number];
    const bool use_inputs = outputs_use_inputs(described);
    Scope scope = scope_of(number, "in 'outputs'");
    Scope inputs_scope = scope_of(number, "in 'inputs'");
    step.outputs.reserve(step.rows.size());
    for (const Values& row : step.rows) {
        scope.row = inputs_scope.row = &row;
        std::optional<Values> inputs;
        if (use_inputs) {
            inputs = inputs_.of_task(number, inputs_scope, nullptr);
            if (!inputs) return false;
            scope.inputs = &*inputs;
        }
        std::vector<bool> temporary;
        std::optional<Values> outputs = outputs_of_task(described, scope, temporary);
        if (!outputs) return false;
        if (std::find(temporary.begin(), temporary.end(), true) != temporary.end()) {
            step.temporary.resize(step.rows.size());
            step.temporary[step.outputs.size()] = std::move(temporary);
        }
        step.outputs.push_back(std::move(*outputs));
    }
    return true;
}

std::optional<Values> StepOutputs::outputs_of_task(const StepDescription& described, const Scope& scope,
                                                   std::vector<bool>& temporary) {
    Values outputs;
    outputs.reserve(described.outputs.size());
    bool sound = true;
    for (const Group& group : described.outputs) {
        Value all{.words = {}, .is_list = group.is_list, .is_path = true};
        for (const Item& item : group.items) {
            const std::optional<Value> paths = render_paths(item.path, scope, work_.options.folder, work_.problems);
            sound &= paths.has_value();
            if (!paths) continue;
            append(all, *paths);
            temporary.insert(temporary.end(), paths->words.size(), item.temporary);
            if (declares_pattern(item.path)) all.has_patterns = all.is_list = true;
        }
        outputs.push_back({group.name, std::move(all)});
    }
    if (!sound) return std::nullopt;
    return outputs;
}

const StepFiles* StepOutputs::files_of(std::string_view name) {
    const auto number = numbers_.find(name);
    if (number == numbers_.end()) return nullptr;
    std::optional<StepFiles>& files = files_[number->second];
    if (!files) files = gather(number->second);
    return &*files;
}

StepFiles StepOutputs::gather(std::uint32_t number) const {
    const StepDescription& described = work_.description.steps[number];
    StepFiles files;
    for (const Group& group : described.outputs)
        files.groups.push_back({group.name, {.words = {}, .is_list = described.scatter.there(), .is_path = true}});
    files.all = {.words = {}, .is_list = described.scatter.there() || files.groups.size() != 1, .is_path = true};
    for (const Values& row : work_.result.steps[number].outputs)
        for (std::size_t i = 0; i < row.size(); ++i) {
            append(files.groups[i].value, row[i].value);
            append(files.all, row[i].value);
        }
    return files;
}

}  // namespace plimsoll::workflow
