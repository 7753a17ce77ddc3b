// SPDX-License-Identifier: Apache-2.0
// For tests of workflows: a workflow as text, in a folder that holds exactly the files named.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/workflow/load.h"

namespace plimsoll::workflow {

/// Loads the text as "flow.yaml" in /w.
inline Loaded load_in_world(std::string_view text, std::vector<std::string> files = {}, LoadOptions options = {}) {
    options.files = world_of(std::move(files));
    return load_workflow_text(text, "flow.yaml", "/w", options);
}

/// All problems, one a line.
inline std::string problems_of(const Loaded& loaded) {
    std::string all;
    for (const Problem& problem : loaded.problems) all += format(problem) + "\n";
    return all;
}

/// A task as one line: "align[s1] (0): reads/s1.fq -> results/s1.bam | bwa mem reads/s1.fq".
inline std::string drawn(const Task& task) {
    std::string line = task.name;
    if (!task.needs.empty()) {
        line += " (";
        for (const TaskId need : task.needs) line += (line.back() == '(' ? "" : " ") + std::to_string(need);
        line += ")";
    }
    line += ":";
    for (const std::string& input : task.inputs) line += " " + input;
    line += " ->";
    for (const OutputFile& output : task.outputs) line += " " + output.path + (output.temporary ? "!" : "");
    return line + " | " + command_line(task.command, {2}, Bytes{3} * 1024 * 1024 * 1024);
}

inline std::string drawn(const Loaded& loaded) {
    std::string all = problems_of(loaded);
    for (const Task& task : loaded.tasks) all += drawn(task) + "\n";
    return all;
}

}  // namespace plimsoll::workflow
