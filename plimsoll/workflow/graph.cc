// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

namespace plimsoll::workflow {
namespace {

std::string quoted(std::string_view text) {
    std::string all = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') all += '\\';
        all += c;
    }
    return all + '"';
}

std::string header(const Workflow& workflow) {
    return fmt::format(
        "digraph {} {{\n    rankdir=LR;\n    node [shape=box, style=rounded, fontname=\"sans-serif\"];\n",
        quoted(workflow.name));
}

std::string of_steps(const Workflow& workflow, std::span<const Task> tasks) {
    std::unordered_map<const Step*, std::size_t> numbers;
    for (const Step& step : workflow.steps) numbers.emplace(&step, numbers.size());
    std::vector<std::size_t> counts(numbers.size());
    std::map<std::pair<std::size_t, std::size_t>, bool> arrows;
    for (const Task& task : tasks) {
        const std::size_t to = numbers.at(task.step);
        ++counts[to];
        for (const TaskId need : task.needs) arrows[{numbers.at(tasks[need].step), to}] = true;
    }
    std::string text = header(workflow);
    for (std::size_t i = 0; i < workflow.steps.size(); ++i) {
        const std::string times = counts[i] == 1 ? "" : fmt::format(" x {}", counts[i]);
        text += fmt::format("    s{} [label={}];\n", i, quoted(workflow.steps[i].name + times));
    }
    for (const auto& [arrow, there] : arrows) text += fmt::format("    s{} -> s{};\n", arrow.first, arrow.second);
    return text + "}\n";
}

std::string of_tasks(const Workflow& workflow, std::span<const Task> tasks) {
    std::string text = header(workflow);
    std::unordered_map<const Step*, std::string> nodes;
    for (const Task& task : tasks)
        nodes[task.step] += fmt::format("        t{} [label={}];\n", task.id, quoted(task.name));
    std::size_t cluster = 0;
    for (const Step& step : workflow.steps)
        text += fmt::format("    subgraph cluster_{} {{\n        label={};\n{}    }}\n", cluster++, quoted(step.name),
                            nodes[&step]);
    for (const Task& task : tasks)
        for (const TaskId need : task.needs) text += fmt::format("    t{} -> t{};\n", need, task.id);
    return text + "}\n";
}

}  // namespace

std::string dot_graph(const Workflow& workflow, std::span<const Task> tasks, GraphOf of) {
    return of == GraphOf::steps ? of_steps(workflow, tasks) : of_tasks(workflow, tasks);
}

}  // namespace plimsoll::workflow
