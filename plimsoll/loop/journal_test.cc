// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/loop/journal.h"

#include <doctest/doctest.h>

using namespace plimsoll;
using namespace plimsoll::loop;

namespace {

/// Writes by itself, as the one of live runs does: what is durable the test says.
class SlowStore final : public history::Store {
public:
    std::uint64_t append(history::Entry entry) override {
        entries.push_back(std::move(entry));
        return entries.size();
    }
    Result<void> commit() override {
        ++commits;
        if (troubled) return *troubled;
        durable = entries.size();
        return {};
    }
    std::uint64_t durable_through() const override { return durable; }
    std::optional<Error> trouble() const override { return troubled; }
    int wake_fd() const override { return 0; }

    std::vector<history::Entry> entries;
    std::uint64_t durable = 0;
    int commits = 0;
    std::optional<Error> troubled;
};

struct Written {
    SlowStore store;
    ManualClock clock{WallTime(std::chrono::seconds(1000))};
    Journal journal{store, clock};

    Result<void> make_durable(bool is_over, bool stands_still) {
        return journal.make_durable(clock.now(), is_over, stands_still);
    }
};

Instant at(int second) { return Instant(std::chrono::seconds(second)); }

}  // namespace

TEST_CASE("what is told, and what may be deleted, waits for what was written before it") {
    Written world;
    world.journal.note("first");
    world.journal.append(history::RunEnded{});
    world.journal.note("second");
    world.journal.delete_temporaries_of(7);
    REQUIRE(world.journal.take_events().size() == 1);
    CHECK(world.journal.take_deletions().empty());
    CHECK_FALSE(world.journal.is_durable());
    CHECK_FALSE(world.journal.empty());
    world.store.durable = 1;
    const std::vector<Event> told = world.journal.take_events();
    REQUIRE(told.size() == 1);
    CHECK(told[0].reason == "second");
    CHECK(told[0].time == WallTime(std::chrono::seconds(1000)));
    CHECK(world.journal.take_deletions() == std::vector<TaskId>{7});
    CHECK(world.journal.empty());
}

TEST_CASE("a history that writes by itself is waited for only at the end") {
    Written world;
    world.journal.append(history::RunEnded{});
    REQUIRE(world.make_durable(false, true));
    CHECK(world.store.commits == 0);
    REQUIRE(world.make_durable(true, true));
    CHECK(world.store.commits == 1);
    CHECK(world.journal.is_durable());
}

TEST_CASE("a history in trouble is waited for while something runs, and for a while after that") {
    Written world;
    world.journal.append(history::RunEnded{});
    world.store.troubled = Error{ErrorKind::unavailable, "the disk is full"};
    REQUIRE(world.make_durable(false, true));
    CHECK(world.journal.is_in_trouble());
    world.clock.advance_to(at(31));
    REQUIRE(world.make_durable(false, false));
    const auto given_up = world.make_durable(false, true);
    REQUIRE_FALSE(given_up);
    CHECK(given_up.error().message == "the disk is full");

    world.store.troubled.reset();
    world.store.durable = world.store.entries.size();
    REQUIRE(world.make_durable(false, true));
    CHECK_FALSE(world.journal.is_in_trouble());
}

TEST_CASE("a decision is written with its time, its task and its attempt") {
    Written world;
    world.journal.record({.action = "start", .subject = "order"}, 3, 2);
    REQUIRE(world.store.entries.size() == 1);
    const Decision& written = std::get<history::Decided>(world.store.entries[0]).decision;
    CHECK(written == Decision{.at = WallTime(std::chrono::seconds(1000)),
                              .task = 3,
                              .attempt = 2,
                              .action = "start",
                              .subject = "order"});
}
