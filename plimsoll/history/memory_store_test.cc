// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/history/memory_store.h"

#include <doctest/doctest.h>

#include "plimsoll/history/samples_for_test.h"

using namespace plimsoll;
using namespace plimsoll::history;

TEST_CASE("a memory store keeps what it is told and the last word on each task") {
    MemoryStore store;
    CHECK(store.append(TaskChanged{sample_task(1)}) == 1);
    CHECK(store.append(AttemptEnded{sample_end(1)}) == 2);
    CHECK(store.append(TaskChanged{sample_task(1, TaskState::finished)}) == 3);
    CHECK(store.durable_through() == 0);
    REQUIRE(store.commit());
    CHECK(store.durable_through() == 3);
    CHECK(store.all<AttemptEnded>().size() == 1);
    REQUIRE(store.tasks().size() == 1);
    CHECK(store.tasks()[0].state == TaskState::finished);
}

TEST_CASE("a memory store in trouble makes nothing durable until the trouble is gone") {
    MemoryStore store;
    store.append(TaskChanged{sample_task(1)});
    store.set_trouble(unavailable("the disk is full"));
    CHECK_FALSE(store.commit());
    CHECK(store.durable_through() == 0);
    store.set_trouble({});
    CHECK(store.commit());
    CHECK(store.durable_through() == 1);
}
