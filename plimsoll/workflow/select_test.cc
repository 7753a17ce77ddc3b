// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/select.h"

#include <doctest/doctest.h>

#include "plimsoll/workflow/graph.h"
#include "tests/workflow_world.h"

using namespace plimsoll;
using namespace plimsoll::workflow;

namespace {

Loaded pipeline() {
    return load_in_world(R"(name: p
steps:
  index: {outputs: {path: ref.idx, temporary: true}, command: index}
  align:
    scatter: {s: [a, b]}
    inputs: ref.idx
    outputs: {path: "{s}.bam", temporary: true}
    command: align {s}
  merge: {inputs: "*.bam", outputs: all, command: merge}
)");
}

std::string all_drawn(const std::vector<Task>& tasks) {
    std::string all;
    for (const Task& task : tasks) all += drawn(task) + "\n";
    return all;
}

}  // namespace

TEST_CASE("a selection is renumbered, and what a dropped task still reads is kept") {
    Loaded loaded = pipeline();
    REQUIRE(problems_of(loaded) == "");
    CHECK(all_drawn(
              select(loaded.tasks, [](const Task& task) { return task.name != "merge" && task.name != "align[a]"; })) ==
          "index: -> ref.idx | index\n"
          "align[b] (0): ref.idx -> b.bam | align b\n");
    CHECK(all_drawn(select(loaded.tasks, [](const Task&) { return true; })) == all_drawn(loaded.tasks));
}

TEST_CASE("what failed goes with everything that follows from it") {
    Loaded loaded = pipeline();
    CHECK(all_drawn(select_with_dependents(loaded.tasks, [](const Task& task) { return task.name == "align[b]"; })) ==
          "align[b]: ref.idx -> b.bam! | align b\n"
          "merge (0): a.bam b.bam -> all | merge\n");
}

namespace {

Result<std::vector<Task>> only(const std::vector<std::string>& steps, const FileWorld& files) {
    return only_steps(pipeline().tasks, steps, files);
}

}  // namespace

TEST_CASE("several steps run with what they need of each other, and inputs of others must be there") {
    CHECK(all_drawn(only({"align", "merge"}, world_of({"ref.idx"})).value()) ==
          all_drawn(select(pipeline().tasks, [](const Task& task) { return task.step->name != "index"; })));
    CHECK(only({"merge", "align"}, world_of({})).error().message ==
          "--only: step 'align' reads 'ref.idx', not there yet; run index first");
}

TEST_CASE("one step alone runs when its inputs are there, and else says what to run first") {
    CHECK(all_drawn(only({"merge"}, world_of({"a.bam", "b.bam"})).value()) == "merge: a.bam b.bam -> all | merge\n");
    CHECK(only({"merge"}, world_of({})).error().message ==
          "--only: step 'merge' reads 'a.bam' and 1 more, not there yet; run align first");
    CHECK(only({"merge", "mergee"}, world_of({})).error().message == "--only: no step 'mergee'; did you mean 'merge'?");
}

TEST_CASE("the graph shows steps with their number of tasks, or every task") {
    const Loaded loaded = pipeline();
    const std::string head =
        "digraph \"p\" {\n    rankdir=LR;\n    node [shape=box, style=rounded, fontname=\"sans-serif\"];\n";
    CHECK(dot_graph(loaded.workflow, loaded.tasks) == head +
                                                          "    s0 [label=\"index\"];\n    s1 [label=\"align x 2\"];\n  "
                                                          "  s2 [label=\"merge\"];\n    s0 -> s1;\n    s1 -> s2;\n}\n");
    CHECK(dot_graph(loaded.workflow, loaded.tasks, GraphOf::tasks).find("t0 -> t2;") != std::string::npos);
}
