// SPDX-License-Identifier: Apache-2.0
// When a task runs, when it is skipped, and what is said about it.
#include "plimsoll/workflow/file_workspace.h"

#include <doctest/doctest.h>

#include "tests/desk.h"

using namespace plimsoll;
using plimsoll::tests::Desk;

namespace {

/// in.txt -> copy -> out.txt, run once and sealed; then another run begins.
struct Copied : Desk {
    Task copy = task("copy", {"in.txt"}, {"out.txt"});
    Copied() {
        write("in.txt", "text");
        REQUIRE(run_copy() == Outcome{});
        sit_down();
    }
    Outcome run_copy() {
        return run(copy, [&] { write("out.txt", read("in.txt")); });
    }
};

}  // namespace

TEST_CASE("a task without a record runs; once it has run, it is up to date") {
    Desk desk;
    desk.write("in.txt", "text");
    const Task copy = desk.task("copy", {"in.txt"}, {"out.txt"});
    CHECK(desk.why(copy) == "no record of an earlier run");
    CHECK(desk.run(copy, [&] { desk.write("out.txt", "text"); }) == Outcome{});
    CHECK(desk.why(copy) == "");
    desk.sit_down();
    const workflow::Freshness fresh = desk.workspace->examine(copy);
    CHECK(fresh.up_to_date);
    CHECK(fresh.reason == "outputs are up to date");
}

TEST_CASE("a task without files is known by its command alone") {
    Desk desk;
    const Task hello = desk.task("hello", {}, {});
    CHECK(desk.run(hello, [] {}) == Outcome{});
    desk.sit_down();
    CHECK(desk.why(hello) == "");
}

TEST_CASE("another command, shell, folder, variable, binding or secret is another command") {
    Copied desk;
    const auto changed_by = [&](auto&& change) {
        Step step = desk.step;
        Task other = desk.copy;
        other.step = &step;
        change(step, other);
        return desk.why(other) == "the command changed";
    };
    CHECK(changed_by([](Step&, Task& task) { task.command.text += " "; }));
    CHECK(changed_by([](Step&, Task& task) { task.command.slots.push_back({4, Command::Allotted::cpu}); }));
    CHECK(changed_by([](Step&, Task& task) { task.bindings.emplace_back("s", "1"); }));
    CHECK(changed_by([](Step& step, Task&) { step.shell = "bash -c"; }));
    CHECK(changed_by([](Step& step, Task&) { step.workdir = "sub"; }));
    CHECK(changed_by([](Step& step, Task&) { step.env["LC_ALL"] = "C"; }));
    CHECK(changed_by([](Step& step, Task&) { step.secrets.push_back("TOKEN"); }));
    CHECK_FALSE(changed_by([](Step& step, Task&) { step.request.cpu = 4_cores; }));
    CHECK_FALSE(changed_by([](Step& step, Task&) { step.priority = 4; }));
}

TEST_CASE("an input that changed, joined, left or vanished is named") {
    Copied desk;
    desk.write("in.txt", "other");
    CHECK(desk.why(desk.copy) == "input in.txt changed");
    desk.remove("in.txt");
    CHECK(desk.why(desk.copy) == "input in.txt is missing");
    desk.write("in.txt", "text");
    desk.write("more.txt", "");
    CHECK(desk.why(desk.task("copy", {"in.txt", "more.txt"}, {"out.txt"})) == "input more.txt is new");
    CHECK(desk.why(desk.task("copy", {}, {"out.txt"})) == "input in.txt is no longer one");
}

TEST_CASE("the order of the inputs does not matter to the files") {
    Desk desk;
    desk.write("a", "1");
    desk.write("b", "2");
    CHECK(desk.run(desk.task("join", {"a", "b"}, {"c"}), [&] { desk.write("c", "12"); }) == Outcome{});
    desk.sit_down();
    CHECK(desk.why(desk.task("join", {"b", "a"}, {"c"})) == "");
}

TEST_CASE("an output that is missing, changed or new is named") {
    Copied desk;
    desk.write("out.txt", "mine");
    CHECK(desk.why(desk.copy) == "output out.txt was changed since");
    desk.remove("out.txt");
    CHECK(desk.why(desk.copy) == "output out.txt is missing");
    desk.write("out.txt", "text");
    CHECK(desk.why(desk.task("copy", {"in.txt"}, {"out.txt", "log.txt"})) == "output log.txt is new");
}

TEST_CASE("force runs all, or those named") {
    Copied desk;
    desk.options.force = {"other"};
    desk.sit_down();
    CHECK(desk.why(desk.copy) == "");
    desk.options.force = {"copy"};
    desk.sit_down();
    CHECK(desk.why(desk.copy) == "forced");
    desk.options.force = {};
    desk.options.force_all = true;
    desk.sit_down();
    CHECK(desk.why(desk.copy) == "forced");
}

TEST_CASE("a file that was only touched is the same, and its new stamp is remembered") {
    Copied desk;
    desk.touch("in.txt");
    desk.touch("out.txt");
    CHECK(desk.why(desk.copy) == "");
    CHECK(desk.reseal() == 1);
    CHECK(desk.receipts[0].inputs[0].mtime_ns == desk.mtime("in.txt"));
    CHECK(desk.receipts[0].outputs[0].mtime_ns == desk.mtime("out.txt"));
    desk.sit_down();
    CHECK(desk.why(desk.copy) == "");
    CHECK(desk.reseal() == 0);
}

TEST_CASE("a stamp is believed unless contents are to be verified") {
    Copied desk;
    desk.forge("in.txt", "TEXT");
    CHECK(desk.why(desk.copy) == "");
    desk.options.hash.verify = true;
    desk.sit_down();
    CHECK(desk.why(desk.copy) == "input in.txt changed");
    desk.forge("in.txt", "text");
    desk.forge("out.txt", "TEXT");
    desk.sit_down();
    CHECK(desk.why(desk.copy) == "output out.txt was changed since");
}

TEST_CASE("a large file is hashed in the background, and its touch then found harmless") {
    Desk desk;
    desk.options.hash.at_once = {3};
    desk.sit_down();
    desk.write("in.txt", "text");
    const Task copy = desk.task("copy", {"in.txt"}, {"out.txt"});
    CHECK(desk.run(copy, [&] { desk.write("out.txt", "text"); }) == Outcome{});
    CHECK_FALSE(desk.receipts[0].outputs[0].content);
    SUBCASE("when the run had the time") {
        desk.workspace->settle();
        CHECK(desk.reseal() == 1);
        CHECK(desk.receipts[0].inputs[0].content == hash_of("text"));
        CHECK(desk.receipts[0].outputs[0].content == hash_of("text"));
        desk.sit_down();
        desk.touch("in.txt");
        CHECK(desk.why(copy) == "");
    }
    SUBCASE("and without a hash, only the stamp counts") {
        desk.sit_down();
        CHECK(desk.why(copy) == "");
        desk.touch("in.txt");
        CHECK(desk.why(copy) == "input in.txt changed");
    }
}

TEST_CASE("a write within the clock's granularity after the stamp is not missed") {
    Desk desk;
    desk.options.hash.granularity = std::chrono::milliseconds(20);
    desk.clock.ahead = {};
    desk.sit_down();
    desk.write("in.txt", "text");
    const Task copy = desk.task("copy", {"in.txt"}, {"out.txt"});
    CHECK(desk.run(copy, [&] { desk.write("out.txt", "text"); }) == Outcome{});
    CHECK(desk.receipts[0].outputs[0].inode == 0);
    desk.clock.ahead = std::chrono::hours(1);
    desk.sit_down();
    SUBCASE("when it changed the content") {
        desk.forge("out.txt", "TEXT");
        CHECK(desk.why(copy) == "output out.txt was changed since");
    }
    SUBCASE("and when there was none, the stamp is settled by a look at the content") {
        CHECK(desk.why(copy) == "");
        CHECK(desk.reseal() == 1);
        CHECK(desk.receipts[0].outputs[0].inode != 0);
    }
}

TEST_CASE("features tell the sizes of the inputs and the bindings that are numbers") {
    Desk desk;
    desk.write("a", "12345");
    desk.write("folder/b", "123");
    Task task = desk.task("task", {"a", "folder"}, {});
    task.bindings = {{"depth", "50"}, {"sample", "s1"}};
    const Features features = desk.workspace->examine(task).features;
    CHECK(features.input_bytes == 8_B);
    CHECK(features.input_count == 2);
    CHECK(features.numbers == std::vector<std::pair<std::string, double>>{{"depth", 50}});
}

TEST_CASE("a folder is what is in it") {
    Desk desk;
    desk.write("data/a/x", "1");
    desk.write("data/y", "2");
    std::filesystem::create_directory_symlink(desk.folder.path(), desk.folder / "data/loop");
    const Task pack = desk.task("pack", {"data"}, {"packed/"});
    CHECK(desk.run(pack, [&] { desk.write("packed/all", "12"); }) == Outcome{});
    desk.sit_down();
    CHECK(desk.why(pack) == "");
    SUBCASE("a touched file in it is the same") {
        desk.touch("data/a/x");
        CHECK(desk.why(pack) == "");
    }
    SUBCASE("a changed one is not") {
        desk.write("data/a/x", "3");
        CHECK(desk.why(pack) == "input data changed");
    }
    SUBCASE("nor is a new one") {
        desk.write("data/a/z", "");
        CHECK(desk.why(pack) == "input data changed");
    }
    SUBCASE("nor a renamed one") {
        std::filesystem::rename(desk.folder / "packed/all", desk.folder / "packed/none");
        CHECK(desk.why(pack) == "output packed/ was changed since");
    }
}

TEST_CASE("a link is what it points to") {
    Desk desk;
    desk.write("v1", "1");
    desk.write("v2", "2");
    std::filesystem::create_symlink("v1", desk.folder / "in");
    const Task use = desk.task("use", {"in"}, {});
    CHECK(desk.run(use, [] {}) == Outcome{});
    desk.sit_down();
    CHECK(desk.why(use) == "");
    desk.remove("in");
    std::filesystem::create_symlink("v2", desk.folder / "in");
    CHECK(desk.why(use) == "input in changed");
}
