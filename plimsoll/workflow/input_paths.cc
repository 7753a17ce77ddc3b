// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/input_paths.h"

#include <fmt/format.h>

#include <algorithm>

#include "plimsoll/base/text.h"
#include "plimsoll/workflow/paths.h"
#include "plimsoll/workflow/step_references.h"

namespace plimsoll::workflow {
namespace {

// Of all tasks together. A step that gathers everything in every one of its tasks gets there, and would
// take days of looking at files before it started.
constexpr std::size_t inputs_max = 10'000'000;

}  // namespace

std::optional<Values> InputPaths::of_task(std::uint32_t step, const Scope& scope, DeclaredFiles* declared) {
    Values inputs;
    bool sound = true;
    for (const Group& group : work_.description.steps[step].inputs) {
        Value all{.words = {}, .is_list = group.is_list, .is_path = true};
        for (const Item& item : group.items) {
            const std::optional<Value> paths = render_paths(item.path, scope, work_.options.folder, work_.problems);
            sound &= paths.has_value();
            if (!paths) continue;
            all.is_list |= paths->is_list;
            all.has_patterns |= paths->has_patterns;
            for (const std::string& path : paths->words)
                sound = sound && add(step, item.path, path, *paths, declared, all);
        }
        so_far_ += all.words.size();
        if (sound && so_far_ > inputs_max) {
            work_.problems.add(
                group.mark,
                fmt::format(
                    "more than {} inputs in all; gather them in a step of one task first, and read what it makes",
                    inputs_max));
            sound = false;
        }
        inputs.push_back({group.name, std::move(all)});
    }
    if (!sound) return std::nullopt;
    return inputs;
}

bool InputPaths::add(std::uint32_t step, const Template& text, const std::string& path, const Value& of,
                     DeclaredFiles* declared, Value& into) {
    if (!is_pattern(path, of, work_.options.files)) {
        into.words.push_back(path);
        return true;
    }
    into.is_list = true;
    const std::size_t before = into.words.size();
    if (declared != nullptr && !add_declared(step, text, path, *declared, into)) return false;
    return into.words.size() > before || add_from_disk(text, path, into);
}

bool InputPaths::add_declared(std::uint32_t step, const Template& text, const std::string& pattern,
                              DeclaredFiles& declared, Value& into) {
    for (const DeclaredFiles::Declared& file : declared.matching(pattern)) {
        const Task& maker = work_.result.tasks[file.task];
        if (maker.step == &work_.steps[step]) continue;
        if (outputs_use_inputs(work_.description.steps[step])) {
            work_.problems.add(
                text.mark,
                fmt::format("'{}' matches an output of '{}', but the outputs here are made from {{input}}, which must "
                            "be known before; write {{steps.{}.outputs}}",
                            pattern, maker.name, maker.step->name));
            return false;
        }
        into.words.emplace_back(file.path);
        into.has_patterns |= is_glob(file.path);
    }
    return true;
}

bool InputPaths::add_from_disk(const Template& text, const std::string& pattern, Value& into) {
    const std::vector<std::string> found = work_.options.files.glob(pattern);
    into.words.insert(into.words.end(), found.begin(), found.end());
    if (!found.empty() || !work_.options.inputs_must_exist) return true;
    if (!some_outputs_unknown())
        work_.problems.add(
            text.mark,
            fmt::format("no step's output and no file in {} matches '{}'; correct the pattern, or put the files there",
                        work_.options.folder, pattern));
    return false;
}

bool InputPaths::some_outputs_unknown() const {
    const auto& steps = work_.result.steps;
    return std::any_of(steps.begin(), steps.end(), [](const ExpandedStep& step) { return !step.has_outputs; });
}

Mark place_of_input(const StepDescription& step, const std::string& path) {
    for (const Group& group : step.inputs)
        for (const Item& item : group.items)
            if (item.path.source == path) return item.path.mark;
    for (const Group& group : step.inputs)
        for (const Item& item : group.items)
            if (has_placeholders(item.path)) return item.path.mark;
    return step.inputs.empty() ? step.mark : step.inputs.front().mark;
}

}  // namespace plimsoll::workflow
