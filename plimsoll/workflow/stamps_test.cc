// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/stamps.h"

#include <doctest/doctest.h>
#include <fcntl.h>

#include "tests/desk.h"

using namespace plimsoll;
using namespace plimsoll::workflow;
using plimsoll::tests::Desk;

namespace {

struct Place : Desk {
    Fd opened{::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
};

}  // namespace

TEST_CASE("a granularity of nothing means that each look is followed by another mtime") {
    Place place;
    if (mtime_granularity(place.opened.fd()) > Duration::zero()) return;
    for (int writes = 0; writes < 50; ++writes) {
        place.write("file", "x");
        const Sighting before = look(place.opened.fd(), "file");
        place.write("file", "y");
        CHECK(look(place.opened.fd(), "file") != before);
    }
}

TEST_CASE("a stamp is racy while its mtime is younger than the clock's granularity") {
    Place place;
    const WallTime written{std::chrono::seconds(1'000'000'000)};
    ManualClock clock(written);
    Stamps stamps(place.opened.fd(), {.granularity = std::chrono::milliseconds(20)}, clock);
    const std::int64_t ns = written.time_since_epoch().count();
    const auto racy_after = [&](Duration age, std::int64_t mtime_ns) {
        const ManualClock later(written + age);
        return Stamps(place.opened.fd(), {.granularity = std::chrono::milliseconds(20)}, later)
            .is_racy({.mtime_ns = mtime_ns});
    };
    CHECK(racy_after(std::chrono::milliseconds(5), ns + 1));
    CHECK_FALSE(racy_after(std::chrono::milliseconds(30), ns + 1));
    CHECK(racy_after(std::chrono::milliseconds(1500), ns));  // whole seconds: perhaps all that is kept
    CHECK_FALSE(racy_after(std::chrono::milliseconds(2500), ns));
    CHECK(racy_after(std::chrono::milliseconds(-500), ns + 1));  // a clock that lags
}

TEST_CASE("a file is hashed once, however many tasks read it") {
    Place place;
    place.write("file", "text");
    Stamps stamps(place.opened.fd(), {}, place.clock);
    const Sighting seen = stamps.see("file");
    CHECK(stamps.stamp("file", seen).content == hash_of("text"));
    place.forge("file", "TEXT");
    CHECK(stamps.see("file") == seen);
    CHECK(stamps.stamp("file", seen).content == hash_of("text"));
}

TEST_CASE("a file that changes before the background comes to it has no hash") {
    Place place;
    place.write("file", "text");
    ContentHasher hasher(place.opened.fd(), 1_GiB);
    const Sighting seen = look(place.opened.fd(), "file");
    place.write("file", "other");
    CHECK(hasher.submit("file", seen));
    const std::vector<ContentWanted> done = hasher.drain(1_GiB);
    REQUIRE(done.size() == 1);
    CHECK_FALSE(done[0].content);
    CHECK(hasher.idle());
}

TEST_CASE("the background takes no more than it may, and gives up what there is no time for") {
    Place place;
    ContentHasher hasher(place.opened.fd(), {100});
    std::size_t taken = 0;
    for (int file = 0; file < 30; ++file) {
        const std::string name = std::to_string(file);
        place.write(name, "1234567890");
        taken += hasher.submit(name, look(place.opened.fd(), name));
    }
    CHECK(taken == 10);
    const std::vector<ContentWanted> done = hasher.drain({0});
    CHECK(done.size() == taken);
    CHECK(hasher.idle());
    for (const ContentWanted& one : done) CHECK((!one.content || one.content == hash_of("1234567890")));
}

TEST_CASE("the content of a folder is names and contents, not times") {
    Place place;
    place.write("a/x/1", "one");
    place.write("a/y", "two");
    place.write("b/y", "two");
    place.write("b/x/1", "one");
    const int folder = place.opened.fd();
    CHECK(hash_content(folder, "a").value() == hash_content(folder, "b").value());
    place.write("b/x/1", "on");
    CHECK(hash_content(folder, "a").value() != hash_content(folder, "b").value());
    CHECK(hash_content(folder, "c").error().kind == ErrorKind::not_found);
}
