// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "plimsoll/workflow/file_workspace.h"
#include "tests/desk.h"

using namespace plimsoll;
using plimsoll::tests::Desk;

TEST_CASE("work is saved in a folder of each attempt: what those before saved stays, until the task is done") {
    Desk desk;
    const Task task = desk.task("count[a/b]", {}, {});
    const std::string kept = ".plimsoll/checkpoints/0-count[a_b]/";
    CHECK(desk.workspace->checkpoint_folder(task, {0, 1}).value() == desk.folder / (kept + "1"));
    desk.write(kept + "1/count", "17");
    CHECK(desk.workspace->checkpoint_folder(task, {0, 2}).value() == desk.folder / (kept + "2"));
    CHECK(desk.read(kept + "1/count") == "17");
    desk.write(kept + "2/half", "x");
    CHECK(desk.workspace->checkpoint_folder(task, {0, 2}));  // the same once more: what it left unfinished is gone
    CHECK_FALSE(desk.has(kept + "2/half"));
    desk.workspace->drop_checkpoints(task);
    CHECK_FALSE(desk.has(".plimsoll"));
}

TEST_CASE("the first attempt of a run begins anew: what another run left may be of other inputs") {
    Desk desk;
    const Task task = desk.task("count", {}, {});
    CHECK(desk.workspace->checkpoint_folder(task, {0, 1}));
    desk.write(".plimsoll/checkpoints/0-count/3/count", "17");
    CHECK(desk.workspace->checkpoint_folder(task, {0, 1}));
    CHECK_FALSE(desk.has(".plimsoll/checkpoints/0-count/3"));
}
