// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/task_splits.h"

#include <fmt/format.h>

#include <algorithm>

#include "plimsoll/base/hash.h"
#include "plimsoll/base/text.h"
#include "plimsoll/workflow/paths.h"
#include "plimsoll/workflow/render.h"
#include "plimsoll/workflow/step_tasks.h"
#include "plimsoll/workflow/tool_name.h"

namespace plimsoll::workflow {
namespace {

constexpr std::string_view packed_endings[] = {".gz", ".bz2", ".xz", ".zst", ".bgz"};

bool is_compressed(std::string_view path) {
    return std::ranges::any_of(packed_endings, [&](std::string_view ending) { return path.ends_with(ending); });
}

std::size_t word_count(const Values& groups) {
    std::size_t count = 0;
    for (const NamedValue& group : groups) count += group.value.words.size();
    return count;
}

/// The outputs of the task `number` in words: "out0/hits.txt" below the part's folder, so that equal names of
/// different folders stay apart and a command sees the name it would have seen.
std::string below_part(std::size_t number, const std::string& path) {
    return fmt::format("out{}/{}", number, part_of(path, Part::name));
}

/// The groups with each path replaced by where the parts put it: `part` is a mark, or "*".
Values of_parts(const Values& groups, const std::string& folder, std::string_view part) {
    Values made = groups;
    std::size_t number = 0;
    for (NamedValue& group : made) {
        group.value.has_patterns = part == "*";
        for (std::string& path : group.value.words)
            path = fmt::format("{}/{}/{}", folder, part, below_part(number++, path));
    }
    return made;
}

/// One behind the other, in the order of the parts' numbers, which all have equally many digits.
std::string concatenation(const Values& outputs, const Split& split) {
    std::string text;
    std::size_t number = 0;
    for (const NamedValue& group : outputs)
        for (const std::string& path : group.value.words) {
            if (!text.empty()) text += " && ";
            const std::string how = split.rule.output_header == 0
                                        ? "cat"
                                        : fmt::format("awk 'FNR > {} || NR == FNR'", split.rule.output_header);
            text += fmt::format("{} {}/*/out{}/{} > {}", how, split.folder, number++,
                                shell_quote(part_of(path, Part::name)), shell_quote(path));
        }
    return text;
}

}  // namespace

Values TaskSplits::row_of_whole(const StepDescription& step, const Values& row) {
    if (!step.split || step.split->rule.by != SplitBy::range) return row;
    Values whole = row;
    whole.push_back({"first", {.words = {std::to_string(step.split->rule.first)}}});
    whole.push_back({"last", {.words = {std::to_string(step.split->rule.last)}}});
    return whole;
}

bool TaskSplits::add(const StepDescription& step, const FilledIn& whole, Task& task) {
    Split split{.rule = step.split->rule,
                .input = {},
                .folder = fmt::format(".plimsoll/split/{}-{}", step.step.name, hash_of(task.name).hex().substr(0, 8)),
                .command = {},
                .part_input = {},
                .part_outputs = {},
                .step = task.step,
                .whole = task.command,
                .joining = *task.step,
                .join = {}};
    std::size_t group = 0;
    if (!check_outputs(step, whole) || !find_input(step, whole.inputs, split, group)) return false;
    if (!fill_command(step, whole, group, split) || !fill_join(step, whole, split)) return false;
    work_.splits.push_back(std::move(split));
    task.split = &work_.splits.back();
    return true;
}

bool TaskSplits::find_input(const StepDescription& step, const Values& inputs, Split& split, std::size_t& group) {
    const SplitDescription& described = *step.split;
    const auto refuse = [&](Mark mark, std::string message) {
        work_.problems.add(mark, std::move(message));
        return false;
    };
    if (split.rule.by == SplitBy::range)
        return described.input.empty() || refuse(described.input_mark, "a range has no 'input'; take one of them away");
    if (described.input.empty() && inputs.size() != 1)
        return refuse(described.mark, inputs.empty() ? "a 'split', but the step has no inputs; declare what is cut"
                                                     : "the step has several inputs; name under 'input' which is cut");
    const auto named =
        described.input.empty() ? inputs.begin() : std::ranges::find(inputs, described.input, &NamedValue::name);
    if (named == inputs.end())
        return refuse(described.input_mark,
                      fmt::format("the step has no input '{}'; name one of its 'inputs'", described.input));
    group = static_cast<std::size_t>(named - inputs.begin());
    split.input = named->value.words;
    if (split.rule.by == SplitBy::files) return check_files(step, named->value);
    if (split.input.size() != 1 || is_pattern(split.input.front(), named->value, work_.options.files))
        return refuse(described.mark, "what is cut must be one file; deal out several with 'by: files'");
    if (is_compressed(split.input.front()))
        return refuse(described.mark, fmt::format("'{}' is compressed, and nothing in it can be found without reading "
                                                  "all of it; unpack it in a step before",
                                                  split.input.front()));
    split.part_input =
        fmt::format("{}/{}/in/{}", split.folder, part_number_mark, part_of(split.input.front(), Part::name));
    return true;
}

/// Their names stand in commands as they are, and which they are is known only later.
bool TaskSplits::check_files(const StepDescription& step, const Value& group) {
    for (const std::string& path : group.words)
        if (shell_quote(path) != path || is_pattern(path, group, work_.options.files)) {
            work_.problems.add(
                step.split->mark,
                fmt::format("'{}' cannot be dealt out: it is a pattern, or needs quotes in a shell; name "
                            "files plainly",
                            path));
            return false;
        }
    return true;
}

bool TaskSplits::check_outputs(const StepDescription& step, const FilledIn& whole) {
    const auto refuse = [&](std::string_view message) {
        work_.problems.add(step.split->mark, std::string(message));
        return false;
    };
    if (word_count(whole.outputs) == 0)
        return refuse("a 'split', but the step has no outputs; declare what the parts make, so that it can be joined");
    for (const NamedValue& group : whole.outputs)
        if (group.value.has_patterns) return refuse("outputs of a step that is split must be files, not patterns");
    if (step.split->join && word_count(whole.outputs) > 1)
        return refuse(
            "a 'join' of your own joins one output, and the step has several; put them into a folder or an "
            "archive, or leave 'join' away");
    return true;
}

bool TaskSplits::fill_command(const StepDescription& step, const FilledIn& whole, std::size_t group, Split& split) {
    Values inputs = whole.inputs;
    if (split.rule.by == SplitBy::files) {
        inputs[group].value = {.words = {std::string(part_files_mark)}, .is_list = true};
    } else if (!split.part_input.empty()) {
        inputs[group].value.words = {split.part_input};
    }
    const Values outputs = of_parts(whole.outputs, split.folder, part_number_mark);
    for (const NamedValue& each : outputs)
        split.part_outputs.insert(split.part_outputs.end(), each.value.words.begin(), each.value.words.end());
    Values row = *whole.scope.row;
    for (NamedValue& each : row) {
        if (split.rule.by != SplitBy::range) break;
        if (each.name == "first") each.value.words = {std::string(part_first_mark)};
        if (each.name == "last") each.value.words = {std::string(part_last_mark)};
    }
    Scope scope = whole.scope;
    scope.row = &row;
    scope.inputs = &inputs;
    scope.outputs = &outputs;
    std::optional<Command> command = render_command(step.command, scope, work_.problems);
    if (!command) return false;
    split.command = std::move(*command);
    return true;
}

bool TaskSplits::fill_join(const StepDescription& step, const FilledIn& whole, Split& split) {
    Step& joining = split.joining;
    joining.kind.step += ":join";
    joining.request = {};
    joining.uses_cpu_slot = false;
    if (!step.split->join) {
        joining.kind.tool = "cat";
        joining.shell = "sh -euc";
        joining.workdir.clear();
        joining.container.reset();
        split.join.text = concatenation(whole.outputs, split);
        return true;
    }
    const Values inputs = of_parts(whole.outputs, split.folder, "*");
    Scope scope = whole.scope;
    scope.inputs = &inputs;
    scope.place = "in 'join'";
    std::optional<Command> join = render_command(*step.split->join, scope, work_.problems);
    if (!join) return false;
    joining.kind.tool = tool_name(join->text);
    if (!step.has_shell) joining.shell = simple_command(join->text) ? std::string() : std::string(default_shell);
    split.join = std::move(*join);
    return true;
}

}  // namespace plimsoll::workflow
