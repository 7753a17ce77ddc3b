// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/load.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include "plimsoll/base/file.h"
#include "plimsoll/workflow/expand.h"
#include "plimsoll/workflow/link.h"
#include "plimsoll/workflow/read_workflow.h"
#include "plimsoll/workflow/yaml.h"

namespace plimsoll::workflow {
namespace {

/// What a request may at most be, and how the user names it.
struct Amount {
    const char* name;
    Mark mark;
    bool too_much;
    std::string asked;
    std::string there;
};

void check_request(const StepDescription& described, const Resources& machine, Problems& problems) {
    const Request& request = described.step.request;
    const RequestMarks& marks = described.request_marks;
    const auto scratch_unknown = machine.scratch.count == 0;
    const Amount amounts[] = {
        {request.cpu == Cores{1} ? " core" : " cores", marks.cpu,
         request.cpu.value_or(Cores{}).count > machine.cpu.count + 1e-6, format(request.cpu.value_or(Cores{})),
         format(machine.cpu)},
        {" of memory", marks.memory, request.memory.value_or(Bytes{}) > machine.memory,
         format(request.memory.value_or(Bytes{})), format(machine.memory)},
        {" of disk", marks.disk, !scratch_unknown && request.disk.value_or(Bytes{}) > machine.scratch,
         format(request.disk.value_or(Bytes{})), format(machine.scratch)},
        {request.gpu == 1 ? " GPU" : " GPUs", marks.gpu, request.gpu.value_or(0) > machine.gpu,
         fmt::format("{}", request.gpu.value_or(0)), fmt::format("{}", machine.gpu)},
    };
    for (const Amount& amount : amounts)
        if (amount.too_much)
            problems.add(amount.mark, fmt::format("step '{}' asks for {}{}, but a run on this machine can hold {} "
                                                  "at the most; ask for less, or run it on a "
                                                  "larger machine",
                                                  described.step.name, amount.asked, amount.name, amount.there));
}

void make_steps(const Description& description, Workflow& workflow) {
    workflow.name = description.name;
    for (const StepDescription& described : description.steps) {
        workflow.steps.push_back(described.step);
        Step& step = workflow.steps.back();
        step.kind = {.workflow = workflow.name, .step = described.step.name, .tool = {}};
        const Mark mark = described.container_mark;
        if (step.container) step.container->place = fmt::format("{}:{}:{}", workflow.file, mark.line, mark.column);
    }
}

/// From the text to tasks in `loaded`; problems and warnings go to `problems`.
void load(std::string_view text, const FileWorld& files, const LoadOptions& options, Loaded& loaded,
          Problems& problems) {
    std::optional<Node> root = parse_yaml(text, problems);
    if (!root) return;
    if (root->is_null())
        return problems.add({.line = 1, .column = 1},
                            "an empty file; write at least: steps: {hello: {command: echo hello}}");
    Workflow& workflow = loaded.workflow;
    Reading reading{.problems = problems, .globals = {}, .secrets = {}, .step_names = {}};
    std::string stem = part_of(workflow.file, Part::stem);
    const Description description =
        read_workflow(std::move(*root), std::move(stem), workflow.folder, files, options, reading);
    make_steps(description, workflow);
    if (options.machine)
        for (const StepDescription& described : description.steps) check_request(described, *options.machine, problems);
    const ExpandOptions expand_options{.folder = workflow.folder,
                                       .files = files,
                                       .inputs_must_exist = options.inputs_must_exist,
                                       .tasks_max = options.tasks_max};
    Expansion expansion =
        expand(description, reading.globals, {workflow.steps, workflow.splits}, expand_options, problems);
    const Expanding work{description,     reading.globals, expand_options, workflow.steps,
                         workflow.splits, problems,        expansion};
    link(work);
    loaded.tasks = in_order(work);
}

struct FreeText {
    void operator()(char* text) const { std::free(text); }
};

/// The folder that the file really lies in.
Result<std::string> folder_of(const std::string& path) {
    const std::string folder = part_of(path, Part::dir);
    const std::unique_ptr<char, FreeText> absolute(::realpath(folder.c_str(), nullptr));
    if (!absolute) return system_error("find the folder of " + path);
    return std::string(absolute.get());
}

/// A workflow file in the folder, to be named to whoever named the folder.
std::optional<std::string> first_yaml_in(const std::string& folder) {
    std::optional<std::string> first;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
        const std::string suffix = entry.path().extension();
        if (suffix != ".yaml" && suffix != ".yml") continue;
        if (const std::string path = entry.path(); !first || path < *first) first = path;
    }
    return first;
}

/// What keeps it from being read is for the user to put right, whatever it is.
Result<std::string> read_workflow_file(const std::string& path) {
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) {
        const auto file = first_yaml_in(path);
        return invalid(fmt::format("{} is a folder; name the workflow file in it{}", path,
                                   file ? ", such as " + *file : std::string()));
    }
    Result<std::string> text = read_file(path);
    if (text || text.error().kind == ErrorKind::not_found) return text;
    return invalid(text.error().message + "; a workflow is a text file that you may read");
}

}  // namespace

Loaded load_workflow_text(std::string_view text, std::string file, std::string folder, const LoadOptions& options) {
    Loaded loaded;
    loaded.workflow.file = std::move(file);
    loaded.workflow.folder = std::move(folder);
    Problems problems(loaded.workflow.file, text);
    const FileWorld files = options.files ? *options.files : disk_world(loaded.workflow.folder);
    load(text, files, options, loaded, problems);
    loaded.problems = problems.take_problems();
    loaded.warnings = problems.take_warnings();
    return loaded;
}

Result<Loaded> load_workflow(const std::string& path, const LoadOptions& options) {
    const std::string text = PLIM_TRY(read_workflow_file(path));
    return load_workflow_text(text, path, PLIM_TRY(folder_of(path)), options);
}

}  // namespace plimsoll::workflow
