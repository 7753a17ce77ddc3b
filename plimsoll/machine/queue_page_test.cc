// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/queue_page.h"

#include <doctest/doctest.h>

#include "plimsoll/base/random.h"

using namespace plimsoll;
using namespace plimsoll::machine;

namespace {

Resources of(const char* text) { return parse_resources(text).value(); }

QueueHolding holding(std::string path, const char* held, std::optional<Resources> first = {}) {
    return {
        .path = std::move(path), .run = 5, .held = of(held), .running = 2, .first = first, .waiting = first ? 7 : 0};
}

}  // namespace

TEST_CASE("what a run tells of its queues others read, from its own page alone") {
    const std::vector<QueueHolding> told{holding("prod/nightly", "cpu=1.5 memory=3GiB gpu=1"),
                                         holding("dev", "cpu=0.5", of("cpu=4 memory=1GiB"))};
    CHECK(queues_of(queue_page_of(5, told), 5) == told);
    CHECK_FALSE(queues_of(queue_page_of(5, told), 6));
    CHECK(queues_of(queue_page_of(5, {}), 5) == std::vector<QueueHolding>{});
    CHECK_FALSE(queues_of(QueuePage{}, 0));
}

TEST_CASE("a damaged page tells nothing, and whatever is damaged, nothing breaks") {
    Rng rng(1);
    const QueuePage page = queue_page_of(5, std::vector<QueueHolding>{holding("prod", "cpu=1")});
    for (int n = 0; n < 2000; ++n) {
        QueuePage damaged = page;
        damaged[static_cast<std::size_t>(rng.between(0, 200))] ^= static_cast<std::byte>(rng.between(1, 255));
        CHECK_FALSE(queues_of(damaged, 5));
    }
}

TEST_CASE("more queues than a page has room for are told together, so that all that is held counts") {
    std::vector<QueueHolding> told;
    for (int n = 0; n < 40; ++n) told.push_back(holding("q" + std::to_string(n), "cpu=1"));
    const auto read = queues_of(queue_page_of(5, told), 5);
    REQUIRE(read);
    CHECK(read->size() == queue_page_most);
    CHECK(read->back().held == of("cpu=10"));
    CHECK(read->back().running == 20);
}
