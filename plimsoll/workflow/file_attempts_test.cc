// SPDX-License-Identifier: Apache-2.0
// What happens to files around an attempt: before, after, and when it dies.
#include <doctest/doctest.h>

#include "plimsoll/workflow/file_workspace.h"
#include "tests/desk.h"

using namespace plimsoll;
using plimsoll::tests::Desk;
using plimsoll::tests::TemporaryFolder;

namespace {

const std::string drawers = ".plimsoll/set-aside/20261121-050000-0001/";

std::string outcome(const Outcome& of) {
    return std::string(name_of(of.ending)) + (of.detail.empty() ? "" : ": " + of.detail);
}

}  // namespace

TEST_CASE("the folders of outputs are made") {
    Desk desk;
    const Task task = desk.task("task", {}, {"a/b/c.txt", "d/e/*/x.*", "f/g/"});
    CHECK(desk.workspace->prepare(task, {0, 1}));
    CHECK(desk.has("a/b"));
    CHECK(desk.has("d/e"));
    CHECK(desk.has("f"));
    CHECK_FALSE(desk.has("f/g"));
}

TEST_CASE("what a task made itself makes room, what it did not is set aside") {
    Desk desk;
    const Task task = desk.task("task", {}, {"results/out"});
    CHECK(desk.run(task, [&] { desk.write("results/out", "first"); }) == Outcome{});
    SUBCASE("its own output is deleted") {
        CHECK(desk.workspace->prepare(task, {0, 2}));
        CHECK_FALSE(desk.has("results/out"));
        CHECK_FALSE(desk.has(".plimsoll"));
        CHECK(desk.notice() == "");
    }
    SUBCASE("an output that the user changed is kept") {
        desk.write("results/out", "by hand");
        CHECK(desk.workspace->prepare(task, {0, 2}));
        CHECK_FALSE(desk.has("results/out"));
        CHECK(desk.read(drawers + "task/results/out") == "by hand");
        CHECK(desk.notice() == "results/out stood where task writes and is not known to be its own: it is kept as " +
                                   drawers + "task/results/out");
    }
    SUBCASE("a file that no receipt knows is kept, beside one of its name") {
        desk.receipts.clear();
        desk.sit_down();
        CHECK(desk.workspace->prepare(task, {0, 1}));
        desk.write("results/out", "second");
        CHECK(desk.workspace->prepare(task, {0, 2}));
        CHECK(desk.read(drawers + "task/results/out") == "first");
        CHECK(desk.read(drawers + "task/results/out.1") == "second");
    }
    SUBCASE("the output of a step that was renamed makes room") {
        desk.sit_down();
        CHECK(desk.workspace->prepare(desk.task("other", {}, {"results/out"}), {0, 1}));
        CHECK_FALSE(desk.has("results/out"));
        CHECK_FALSE(desk.has(".plimsoll"));
    }
}

TEST_CASE("making room for a link deletes the link, not what it points to") {
    Desk desk;
    desk.write("precious", "text");
    const Task task = desk.task("task", {}, {"out"});
    CHECK(desk.run(task, [&] { std::filesystem::create_symlink("precious", desk.folder / "out"); }) == Outcome{});
    CHECK(desk.workspace->prepare(task, {0, 2}));
    CHECK_FALSE(std::filesystem::is_symlink(desk.folder / "out"));
    CHECK(desk.read("precious") == "text");
}

TEST_CASE("a task does not write what it reads") {
    Desk desk;
    desk.write("data/a", "1");
    const auto refusal = [&](const Task& task) {
        const auto prepared = desk.workspace->prepare(task, {0, 1});
        return prepared ? "" : prepared.error().message;
    };
    CHECK(refusal(desk.task("t", {"data/a"}, {"./data//a"})) ==
          "t: ./data//a is an output and an input of one task; write to another path and let the next step read that");
    CHECK(refusal(desk.task("t", {"data"}, {"data/out/b"})) ==
          "t: data/out/b is an output inside the input data of one task; write to another path and let the next step "
          "read that");
    std::filesystem::create_directory_symlink("data", desk.folder / "results");
    CHECK(refusal(desk.task("t", {"data/a"}, {"results/a"})) ==
          "t: the output results/a is the same file as the input data/a; write to another path");
    CHECK(desk.read("data/a") == "1");
    CHECK(refusal(desk.task("t", {"data/b"}, {})) == "t: its input data/b is not there");
}

TEST_CASE("an attempt is done only when every output is there") {
    Desk desk;
    const Task task = desk.task("task", {}, {"a", "b", "c*.txt"});
    CHECK(outcome(desk.run(task, [&] { desk.write("a", "half"); })) ==
          "missing_output: b, c*.txt not there when the command had ended well; looked for in " + desk.folder.path() +
              "; let the command write to {output}, or correct the step's outputs");
    CHECK_FALSE(desk.has("a"));
    CHECK(desk.read(drawers + "task.1/a") == "half");
    CHECK(desk.notice() ==
          "attempt 1 of task did not finish: what it left of its outputs is kept as " + drawers + "task.1/a");
    CHECK(desk.why(task) == "no record of an earlier run");
}

TEST_CASE("a link to nowhere is not an output") {
    Desk desk;
    const Task task = desk.task("task", {}, {"a"});
    CHECK(outcome(desk.run(task, [&] {
              std::filesystem::create_symlink("nowhere", desk.folder / "a");
          })).starts_with("missing_output: a not there"));
    CHECK_FALSE(std::filesystem::is_symlink(desk.folder / "a"));
}

TEST_CASE("an input that changes while its task runs is noticed") {
    Desk desk;
    desk.write("in", "text");
    const Task task = desk.task("task", {"in"}, {"out"});
    const auto run = [&](auto&& meanwhile) {
        return outcome(desk.run(task, [&] {
            desk.write("out", "half");
            meanwhile();
        }));
    };
    CHECK(run([&] { desk.write("in", "more text"); }) == "input_changed: in");
    CHECK_FALSE(desk.has("out"));
    CHECK(run([&] { desk.remove("in"); }) == "input_changed: in (it is gone)");
    desk.write("in", "text");
    CHECK(run([&] { desk.touch("in"); }) == "finished");
    CHECK(desk.receipts[0].inputs[0].mtime_ns == desk.mtime("in"));
}

TEST_CASE("an input that changes within the clock's granularity while its task runs is noticed") {
    Desk desk;
    desk.options.hash.granularity = std::chrono::milliseconds(20);
    desk.clock.ahead = {};
    desk.sit_down();
    desk.write("in", "text");
    const Task task = desk.task("task", {"in"}, {});
    CHECK(outcome(desk.run(task, [&] { desk.forge("in", "TEXT"); })) == "input_changed: in");
}

TEST_CASE("an output pattern stands for all it matches") {
    Desk desk;
    const Task task = desk.task("task", {}, {"parts/*.txt"});
    CHECK(desk.run(task, [&] {
        desk.write("parts/b.txt", "b");
        desk.write("parts/a.txt", "a");
    }) == Outcome{});
    REQUIRE(desk.receipts[0].outputs.size() == 2);
    CHECK(desk.receipts[0].outputs[0].path == "parts/a.txt");
    desk.sit_down();
    CHECK(desk.why(task) == "");
    desk.write("parts/a.txt", "changed");
    CHECK(desk.why(task) == "output parts/a.txt was changed since");
    desk.remove("parts/a.txt");
    CHECK(desk.why(task) == "output parts/a.txt is missing");
    desk.write("parts/c.txt", "by hand");
    CHECK(desk.workspace->prepare(task, {0, 2}));
    CHECK_FALSE(desk.has("parts/b.txt"));
    CHECK(desk.read(drawers + "task/parts/c.txt") == "by hand");
}

TEST_CASE("overlapping patterns leave each task its own") {
    Desk desk;
    const Task one = desk.task("one", {}, {"s1*"}, 1);
    const Task ten = desk.task("ten", {}, {"s10*"}, 2);
    REQUIRE(desk.workspace->prepare(ten, {2, 1}));
    desk.write("s10.bam", "half");
    CHECK(desk.run(one, [&] { desk.write("s1.bam", "1"); }) == Outcome{});
    CHECK(desk.read("s10.bam") == "half");
    REQUIRE(desk.receipts[0].outputs.size() == 1);
    CHECK(desk.receipts[0].outputs[0].path == "s1.bam");
    CHECK(desk.workspace->conclude(ten, {2, 1}).outcome == Outcome{});
    REQUIRE(desk.workspace->prepare(one, {1, 2}));
    CHECK(desk.has("s10.bam"));
}

TEST_CASE("a pattern as an input stands for all it matches") {
    Desk desk;
    desk.write("parts/a", "1");
    desk.write("parts/b", "2");
    const Task task = desk.task("task", {"parts/*"}, {});
    CHECK(desk.run(task, [] {}) == Outcome{});
    CHECK(desk.receipts[0].inputs.size() == 2);
    desk.sit_down();
    CHECK(desk.why(task) == "");
    desk.write("parts/c", "3");
    CHECK(desk.why(task) == "input parts/c is new");
}

TEST_CASE("what failed, or was never prepared, leaves the user's files alone") {
    Desk desk;
    desk.write("out", "the user's");
    const Task task = desk.task("task", {"nowhere"}, {"out"});
    CHECK_FALSE(desk.workspace->prepare(task, {0, 1}));
    desk.workspace->set_aside(task, {0, 1});
    CHECK(desk.read("out") == "the user's");
}

// The runner dies at each point of an attempt that replaces an older result; the next run knows the old
// receipt only.
TEST_CASE("wherever the runner dies, nothing half-written counts as done") {
    Desk desk;
    desk.write("in", "old");
    const Task task = desk.task("task", {"in"}, {"a", "b"});
    const auto work = [&](const std::string& text) { desk.write("a", text), desk.write("b", text); };
    CHECK(desk.run(task, [&] { work("old"); }) == Outcome{});
    desk.sit_down();
    const auto dies = [&] {
        desk.sit_down();
        desk.workspace->recover({{.run = "20261120-050000-0001", .attempt = 1, .task = &task}});
    };
    SUBCASE("before its place was made: the old result is kept") {
        dies();
        CHECK(desk.why(task) == "");
        CHECK(desk.read("a") == "old");
    }
    SUBCASE("after: the result is to be made again") {
        REQUIRE(desk.workspace->prepare(task, {0, 1}));
        dies();
        CHECK(desk.why(task) == "output a is missing");
    }
    SUBCASE("half-way: the half is set aside") {
        REQUIRE(desk.workspace->prepare(task, {0, 1}));
        desk.write("a", "ol");
        dies();
        CHECK(desk.why(task) == "output a is missing");
        CHECK(desk.read(".plimsoll/set-aside/20261120-050000-0001/task.1/a") == "ol");
        CHECK(desk.notice().starts_with("task was interrupted: what it left"));
    }
    SUBCASE("half-way, and the next run knows nothing of the attempt: the half is not trusted") {
        REQUIRE(desk.workspace->prepare(task, {0, 1}));
        work("half");
        desk.sit_down();
        CHECK(desk.why(task) == "output a was changed since");
    }
    SUBCASE("before the end is sealed: with another content it runs again") {
        REQUIRE(desk.workspace->prepare(task, {0, 1}));
        work("new");
        CHECK(desk.workspace->conclude(task, {0, 1}).receipt);
        dies();
        CHECK(desk.why(task) == "output a is missing");
    }
    SUBCASE("before the end is sealed: with the same content it is what the receipt says") {
        REQUIRE(desk.workspace->prepare(task, {0, 1}));
        work("old");
        CHECK(desk.workspace->conclude(task, {0, 1}).receipt);
        dies();
        CHECK(desk.why(task) == "");
    }
}

TEST_CASE("a place that cannot be written to is told with a remedy") {
    Desk desk;
    const auto prepared = desk.workspace->prepare(desk.task("task", {}, {"/proc/nowhere/out"}), {0, 1});
    REQUIRE_FALSE(prepared);
    CHECK(prepared.error().message.starts_with("cannot make the folder /proc/nowhere"));
    desk.write("file", "");
    const auto below_file = desk.workspace->prepare(desk.task("task", {}, {"file/out"}), {0, 1});
    REQUIRE_FALSE(below_file);
    CHECK(below_file.error().message.find("a file of that name is there") != std::string::npos);
}
