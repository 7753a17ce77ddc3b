// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/loop/task_table.h"

#include <doctest/doctest.h>

using namespace plimsoll;
using namespace plimsoll::loop;

namespace {

const Step step{.name = "step", .kind = {}, .request = {}, .retry = {}, .timeout = {}, .deadline = {}};

Task task(TaskId id, std::vector<TaskId> needs = {}, std::vector<OutputFile> outputs = {}) {
    Task made;
    made.id = id;
    made.step = &step;
    made.name = std::string(1, static_cast<char>('a' + id));
    made.needs = std::move(needs);
    made.outputs = std::move(outputs);
    return made;
}

using Ids = std::vector<TaskId>;

}  // namespace

TEST_CASE("a task is ready when the last of what it needs is done") {
    TaskTable table;
    CHECK(table.join({task(0), task(1), task(2, {0, 1})}) == Ids{0, 1});
    CHECK(table.complete(0, TaskState::finished).empty());
    CHECK(table.complete(1, TaskState::up_to_date) == Ids{2});
    CHECK(table.open() == 1);
}

TEST_CASE("tasks may join while others run, also after what they need is done") {
    TaskTable table;
    table.join({task(0)});
    table.complete(0, TaskState::finished);
    CHECK(table.join({task(1, {0})}) == Ids{1});
}

TEST_CASE("a failure cancels all that waits for it, however far, and says why") {
    TaskTable table;
    table.join({task(0), task(1, {0}), task(2, {1}), task(3)});
    CHECK(table.abandon(0, TaskState::failed, "exit code 1") == Ids{0, 1, 2});
    CHECK(table[2].state == TaskState::cancelled);
    CHECK(table[2].reason == "needs a, which failed");
    CHECK(table[3].state == TaskState::ready);
}

TEST_CASE("a task that joins after what it needs has failed is cancelled at once") {
    TaskTable table;
    table.join({task(0)});
    table.abandon(0, TaskState::failed, "exit code 1");
    CHECK(table.join({task(1, {0})}).empty());
    CHECK(table[1].state == TaskState::cancelled);
}

TEST_CASE("a deleted temporary brings its maker back, and then the reader goes on") {
    TaskTable table;
    table.join({task(0, {}, {{"a.tmp", true}}), task(1, {0})});
    table.complete(0, TaskState::up_to_date);
    REQUIRE(table.producer_of("a.tmp") == TaskId{0});
    CHECK(table.revive(0, 1) == Ids{1});
    CHECK(table[0].must_run);
    CHECK(table[1].state == TaskState::waiting);
    CHECK(table.complete(0, TaskState::finished) == Ids{1});
}

TEST_CASE("a maker that is brought back holds up every reader that has not started") {
    TaskTable table;
    table.join({task(0, {}, {{"a.tmp", true}}), task(1, {0}), task(2), task(3, {0, 2}), task(4, {0})});
    table.complete(0, TaskState::up_to_date);
    table.set_state(4, TaskState::running);
    CHECK(table.revive(0, 1) == Ids{1});
    CHECK_FALSE(table.try_again(4));
    CHECK(table.complete(0, TaskState::finished) == Ids{1, 4});
    CHECK(table.complete(2, TaskState::finished) == Ids{3});
}

TEST_CASE("of two makers brought back one after the other the second waits for the first") {
    TaskTable table;
    table.join({task(0, {}, {{"a.tmp", true}}), task(1, {0}, {{"b.tmp", true}}), task(2, {0, 1})});
    table.complete(0, TaskState::up_to_date);
    table.complete(1, TaskState::up_to_date);
    CHECK(table.revive(0, 2) == Ids{2});
    CHECK(table.revive(1, 2).empty());
    CHECK(table[1].state == TaskState::waiting);
    CHECK(table.complete(0, TaskState::finished) == Ids{1});
    CHECK(table.complete(1, TaskState::finished) == Ids{2});
}

TEST_CASE("a task that is split waits for its parts, and releases them when it has joined them") {
    TaskTable table;
    table.join({task(0, {}), task(1, {0})});
    CHECK(table.join_parts(0, {task(2, {}), task(3, {})}) == std::vector<TaskId>{2, 3});
    CHECK(table[0].state == TaskState::waiting);
    CHECK(table.complete(2, TaskState::up_to_date).empty());
    CHECK(table.complete(3, TaskState::finished) == std::vector<TaskId>{0});
    CHECK(table[2].open_dependents == 1);
    CHECK(table.complete(0, TaskState::finished) == std::vector<TaskId>{1});
    CHECK(table[2].open_dependents == 0);
}

TEST_CASE("a part that fails takes the task with it that would have joined it") {
    TaskTable table;
    table.join({task(0, {}), task(1, {0})});
    table.join_parts(0, {task(2, {}), task(3, {})});
    CHECK(table.abandon(3, TaskState::failed, "exit 1") == std::vector<TaskId>{3, 0, 1});
    CHECK(table[0].reason == "needs " + table[3].task.name + ", which failed");
}

TEST_CASE("temporaries are released by their last reader") {
    TaskTable table;
    table.join({task(0, {}, {{"a.tmp", true}}), task(1, {0}), task(2, {0})});
    table.complete(0, TaskState::finished);
    CHECK(table.released_by(0).empty());
    table.complete(1, TaskState::finished);
    CHECK(table.released_by(1).empty());
    table.complete(2, TaskState::finished);
    CHECK(table.released_by(2) == Ids{0});
}
