// SPDX-License-Identifier: Apache-2.0
// Any text as a workflow file, in a world without a disk: loads with problems or to tasks that are in
// order, within bounds of memory and time, and never otherwise.
#include <cstdint>
#include <string_view>

#include "plimsoll/base/check.h"
#include "plimsoll/workflow/graph.h"
#include "plimsoll/workflow/load.h"

namespace {

using namespace plimsoll;
using namespace plimsoll::workflow;

void check_tasks(const Loaded& loaded) {
    for (TaskId id = 0; id < loaded.tasks.size(); ++id) {
        const Task& task = loaded.tasks[id];
        PLIM_CHECK(task.id == id && task.step != nullptr && !task.name.empty(), "tasks are numbered and named");
        for (const TaskId need : task.needs) PLIM_CHECK(need < id, "needs come first");
        for (const Command::Slot& slot : task.command.slots)
            PLIM_CHECK(slot.offset <= task.command.text.size(), "slots lie in the command");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    LoadOptions options;
    options.files = world_of({"a", "a.fq", "b.fq", "reads/s1.fq.gz", "reads/s2.fq.gz"});
    options.machine = Resources{};
    options.machine->cpu = {4};
    options.machine->memory = {std::int64_t{8} << 30};
    options.overrides = {"depth=3"};
    options.tasks_max = 300;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const Loaded loaded = load_workflow_text(text, "flow.yaml", "/w", options);
    for (const Problem& problem : loaded.problems) PLIM_CHECK(!format(problem).empty(), "a problem has words");
    if (!loaded.problems.empty()) return 0;
    check_tasks(loaded);
    PLIM_CHECK(!dot_graph(loaded.workflow, loaded.tasks).empty(), "a workflow can be drawn");
    return 0;
}
