// SPDX-License-Identifier: Apache-2.0
// Temporary outputs: deleted after use, and still what their readers read.
#include <doctest/doctest.h>

#include "plimsoll/workflow/file_workspace.h"
#include "tests/desk.h"

using namespace plimsoll;
using plimsoll::tests::Desk;
using plimsoll::tests::TemporaryFolder;

namespace {

/// in -> make -> middle (temporary) -> use -> out, run once; middle is deleted; another run begins.
struct Chain : Desk {
    Task make = with_temporary(task("make", {"in"}, {"tmp/middle"}, 0));
    Task use = task("use", {"tmp/middle"}, {"out"}, 1);
    Chain() {
        write("in", "text");
        REQUIRE(run_make() == Outcome{});
        REQUIRE(run(use, [&] { write("out", read("tmp/middle")); }) == Outcome{});
        workspace->delete_temporaries(make);
        workspace->delete_temporaries(use);
        sit_down();
    }
    Outcome run_make() {
        return run(make, [&] { write("tmp/middle", read("in")); });
    }
};

}  // namespace

TEST_CASE("a temporary output is deleted, others are not") {
    Chain desk;
    CHECK_FALSE(desk.has("tmp/middle"));
    CHECK(desk.has("out"));
}

TEST_CASE("a deleted temporary output is missed by nobody while nothing changes") {
    Chain desk;
    CHECK(desk.why(desk.make) == "");
    CHECK(desk.why(desk.use) == "");
}

TEST_CASE("a task that must run names its deleted inputs") {
    Chain desk;
    desk.remove("out");
    CHECK(desk.why(desk.make) == "");
    const workflow::Freshness fresh = desk.workspace->examine(desk.use);
    CHECK(fresh.reason == "output out is missing");
    CHECK(fresh.deleted_inputs == std::vector<std::string>{"tmp/middle"});
    CHECK(fresh.features.input_bytes == 4_B);
    CHECK(desk.workspace->prepare(desk.use, {1, 9}).error().message == "use: its input tmp/middle is not there");
}

TEST_CASE("a temporary output made again with the same content leaves its readers up to date") {
    Chain desk;
    REQUIRE(desk.run_make() == Outcome{});
    CHECK(desk.why(desk.use) == "");
    desk.workspace->delete_temporaries(desk.make);
    CHECK(desk.why(desk.use) == "");
    desk.reseal();
    desk.sit_down();
    CHECK(desk.why(desk.use) == "");
}

TEST_CASE("a temporary output made again with another content makes its readers run") {
    Chain desk;
    desk.write("in", "other");
    CHECK(desk.why(desk.make) == "input in changed");
    REQUIRE(desk.run_make() == Outcome{});
    CHECK(desk.why(desk.use) == "input tmp/middle changed");
    desk.workspace->delete_temporaries(desk.make);
    CHECK(desk.why(desk.use) == "input tmp/middle changed");
}

TEST_CASE("a temporary output that somebody changed stays") {
    Chain desk;
    REQUIRE(desk.run_make() == Outcome{});
    desk.write("tmp/middle", "by hand");
    desk.workspace->delete_temporaries(desk.make);
    CHECK(desk.read("tmp/middle") == "by hand");
    CHECK(desk.notice() == "the temporary output tmp/middle stays: it was changed since make made it");
}

TEST_CASE("nothing is deleted through a link that leads out of the folder") {
    Desk desk;
    const TemporaryFolder outside;
    std::filesystem::create_directory_symlink(outside.path(), desk.folder / "scratch");
    const Task task = desk.with_temporary(desk.task("task", {}, {"scratch/big"}));
    REQUIRE(desk.run(task, [&] { desk.write("scratch/big", "text"); }) == Outcome{});
    desk.workspace->delete_temporaries(task);
    CHECK(desk.has("scratch/big"));
    CHECK(desk.notice().starts_with("the temporary output scratch/big stays: a symbolic link leads to it out of "));
}

TEST_CASE("a temporary path written as absolute is taken at its word") {
    Desk desk;
    const TemporaryFolder outside;
    const Task task = desk.with_temporary(desk.task("task", {}, {outside / "big"}));
    REQUIRE(desk.run(task, [&] { desk.write(outside / "big", "text"); }) == Outcome{});
    desk.workspace->delete_temporaries(task);
    CHECK_FALSE(desk.has(outside / "big"));
}

TEST_CASE("temporary folders and patterns are deleted with what is in them") {
    Desk desk;
    const Task task = desk.with_temporary(desk.task("task", {}, {"folder", "parts/*.tmp"}));
    REQUIRE(desk.run(task, [&] {
        desk.write("folder/a/b", "text");
        desk.write("parts/1.tmp", "1");
        desk.write("parts/2.tmp", "2");
        desk.write("parts/keep", "");
    }) == Outcome{});
    desk.workspace->delete_temporaries(task);
    CHECK_FALSE(desk.has("folder"));
    CHECK_FALSE(desk.has("parts/1.tmp"));
    CHECK_FALSE(desk.has("parts/2.tmp"));
    CHECK(desk.has("parts/keep"));
    desk.sit_down();
    CHECK(desk.why(task) == "");
}
