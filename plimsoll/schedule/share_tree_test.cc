// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/share_tree.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "plimsoll/base/random.h"

using namespace plimsoll;
using namespace plimsoll::schedule;

namespace {

/// A root of that discipline and leaves "a", "b", ... of these weights.
std::vector<QueueSpec> flat(Discipline discipline, const std::vector<double>& weights) {
    std::vector<QueueSpec> queues{{.path = "", .discipline = discipline}};
    for (const double weight : weights)
        queues.push_back(
            {.path = std::string(1, static_cast<char>('a' + queues.size() - 1)), .parent = 0, .weight = weight});
    return queues;
}

Resources of(const char* text) { return parse_resources(text).value(); }

/// Gives turns until nothing fits: whose they were. A queue whose next task does not fit is passed over for good.
std::string serve_all(ShareTree& tree, const Resources& capacity, const std::map<QueueId, Resources>& asks) {
    std::string order;
    Resources free = capacity;
    for (const auto& [queue, ask] : asks) tree.set_pending(queue, true);
    while (const auto queue = tree.next()) {
        const Resources& ask = asks.at(*queue);
        if (!fits(ask, free) || tree.limited_by(*queue, ask)) {
            tree.set_pending(*queue, false);
            continue;
        }
        tree.serve(*queue, ask, 1);
        free -= ask;
        order += tree.spec(*queue).path;
    }
    return order;
}

std::string serve_all(std::vector<QueueSpec> queues, const char* capacity, const std::vector<const char*>& asks) {
    std::map<QueueId, Resources> by_queue;
    for (std::size_t at = 0; at < asks.size(); ++at) by_queue[at + 1] = of(asks[at]);
    ShareTree tree(std::move(queues), of(capacity));
    return serve_all(tree, of(capacity), by_queue);
}

/// Turns of one unit each, until the queues have none left.
std::string serve_units(ShareTree& tree, std::map<QueueId, int> left, int turns = 100) {
    std::string order;
    for (const auto& [queue, count] : left) tree.set_pending(queue, count > 0);
    for (; turns > 0; --turns) {
        const auto queue = tree.next();
        if (!queue) break;
        tree.serve(*queue, of("cpu=1"), 1);
        tree.set_pending(*queue, --left[*queue] > 0);
        order += tree.spec(*queue).path;
    }
    return order;
}

}  // namespace

// Ghodsi et al., figure 2: shares of a rise by 4/18, those of b by 3/9, up to 12/18 = 6/9.
TEST_CASE("dominant-resource fairness: the least dominant share goes next") {
    CHECK(serve_all(flat(Discipline::fair, {1, 1}), "cpu=9 memory=18GiB", {"cpu=1 memory=4GiB", "cpu=3 memory=1GiB"}) ==
          "ababa");
}

// a: 4/18 / 2 = 1/9 a task; b: 1/3. After a, b, a, a both stand at 1/3: the first of equals, and then nothing fits.
TEST_CASE("a weight of two is worth twice the share") {
    CHECK(serve_all(flat(Discipline::fair, {2, 1}), "cpu=9 memory=18GiB", {"cpu=1 memory=4GiB", "cpu=3 memory=1GiB"}) ==
          "abaaa");
}

TEST_CASE("what a queue may not use the others get") {
    std::vector<QueueSpec> queues = flat(Discipline::fair, {1, 1});
    queues[1].max_running = 1;
    CHECK(serve_all(queues, "cpu=9 memory=18GiB", {"cpu=1 memory=4GiB", "cpu=3 memory=1GiB"}) == "abb");
}

TEST_CASE("three queues that each lack something else get what the vectors say") {
    const std::string order = serve_all(flat(Discipline::fair, {1, 1, 1}), "cpu=100 memory=100GiB disk_read=10GiB",
                                        {"cpu=4 memory=2GiB", "cpu=1 memory=8GiB", "cpu=2 memory=4GiB disk_read=1GiB"});
    CHECK(std::ranges::count(order, 'a') == 14);
    CHECK(std::ranges::count(order, 'b') == 6);
    CHECK(std::ranges::count(order, 'c') == 6);
}

TEST_CASE("start-time fair queueing: six turns each with weights 2 : 1") {
    ShareTree tree(flat(Discipline::sfq, {2, 1}), of("cpu=1"));
    CHECK(serve_units(tree, {{1, 6}, {2, 6}}) == "abaabaababbb");
}

TEST_CASE("start-time fair queueing: who comes late is owed nothing for the time before") {
    ShareTree tree(flat(Discipline::sfq, {1, 1}), of("cpu=1"));
    CHECK(serve_units(tree, {{1, 8}}, 3) == "aaa");
    CHECK(serve_units(tree, {{1, 5}, {2, 4}}) == "babababaa");
}

TEST_CASE("a turn that took longer than it was charged with is charged the rest") {
    ShareTree tree(flat(Discipline::sfq, {1, 1}), of("cpu=1"));
    tree.set_pending(1, true);
    tree.set_pending(2, true);
    tree.serve(1, of("cpu=1"), 1);
    tree.correct(1, of("cpu=1"), 2);  // it took 3 s
    CHECK(serve_units(tree, {{1, 3}, {2, 6}}) == "bbbababab");
}

TEST_CASE("priority: the higher queue goes first as long as it has work, equals share") {
    std::vector<QueueSpec> queues = flat(Discipline::priority, {1, 1, 1});
    queues[3].priority = 1;
    ShareTree tree(queues, of("cpu=100"));
    CHECK(serve_units(tree, {{1, 2}, {2, 2}, {3, 3}}) == "cccabab");
}

TEST_CASE("a queue below what it is guaranteed goes before those that have theirs") {
    std::vector<QueueSpec> queues = flat(Discipline::fair, {1, 1});
    queues[2].guaranteed.cpu = 3_cores;
    ShareTree tree(queues, of("cpu=10"));
    CHECK(serve_units(tree, {{1, 4}, {2, 5}}) == "bbbaaaabb");
}

// prod (3) has two children, dev (1) is a leaf: of 16 turns dev gets 4, and a prod child with no work leaves its share
// to its sibling, not to dev.
TEST_CASE("shares are divided level by level, and what a child leaves its siblings get first") {
    const std::vector<QueueSpec> queues{{.path = "", .discipline = Discipline::fair},
                                        {.path = "prod", .parent = 0, .weight = 3, .discipline = Discipline::fair},
                                        {.path = "x", .parent = 1},
                                        {.path = "y", .parent = 1},
                                        {.path = "d", .parent = 0}};
    ShareTree both(queues, of("cpu=16"));
    const std::string order = serve_units(both, {{2, 20}, {3, 20}, {4, 20}}, 16);
    CHECK(std::ranges::count(order, 'x') == 6);
    CHECK(std::ranges::count(order, 'y') == 6);
    CHECK(std::ranges::count(order, 'd') == 4);
    ShareTree one(queues, of("cpu=16"));
    const std::string alone = serve_units(one, {{2, 20}, {4, 20}}, 16);
    CHECK(std::ranges::count(alone, 'x') == 12);
    CHECK(one.due(2) == doctest::Approx(0.75));
    CHECK(one.due(4) == doctest::Approx(0.25));
}

TEST_CASE("a limit holds for a queue with all below it") {
    std::vector<QueueSpec> queues{{.path = "", .discipline = Discipline::fair},
                                  {.path = "prod", .parent = 0, .discipline = Discipline::fair},
                                  {.path = "x", .parent = 1},
                                  {.path = "y", .parent = 1}};
    queues[1].most.cpu = 2_cores;
    ShareTree tree(queues, of("cpu=16"));
    tree.serve(2, of("cpu=1.5"), 1);
    CHECK(tree.limited_by(3, of("cpu=1")) == QueueId{1});
    CHECK_FALSE(tree.limited_by(3, of("cpu=0.5")));
    CHECK_FALSE(tree.limited_by(3, of("memory=1GiB")));
}

// At every turn: the queue that got it has the least weighted share of those with work. And whatever a trial does,
// rolling it back leaves the same turns as if it had never been.
TEST_CASE("random turns: the least share is always next, and a trial leaves no trace") {
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        CAPTURE(seed);
        Rng rng(seed);
        std::vector<double> weights;
        for (int n = 0; n < 12; ++n) weights.push_back(static_cast<double>(rng.between(1, 5)));
        const Discipline discipline = seed % 2 == 0 ? Discipline::fair : Discipline::sfq;
        ShareTree tree(flat(discipline, weights), of("cpu=50 memory=50GiB")), plain = tree;
        const auto ask = [&] {
            return Resources{.cpu = {static_cast<double>(rng.between(1, 3))}, .memory = Bytes{rng.between(1, 4) << 30}};
        };
        for (int step = 0; step < 200; ++step) {
            const QueueId toggled = static_cast<QueueId>(rng.between(1, 12));
            const bool pending = rng.uniform() < 0.7;
            tree.set_pending(toggled, pending);
            plain.set_pending(toggled, pending);
            tree.try_out();
            for (auto turns = rng.between(0, 5); turns > 0; --turns) {
                const auto next = tree.next();
                if (!next) break;
                if (rng.uniform() < 0.3) tree.pass_over(*next);
                else tree.serve(*next, ask(), rng.uniform());
            }
            tree.roll_back();
            const auto next = tree.next();
            REQUIRE(next == plain.next());
            if (!next) continue;
            if (discipline == Discipline::fair)
                for (QueueId other = 1; other <= 12; ++other)
                    if (tree.is_pending(other))
                        REQUIRE(tree.weighted_share(*next) <= tree.weighted_share(other) + 1e-12);
            const Resources amounts = ask();
            tree.serve(*next, amounts, 1);
            plain.serve(*next, amounts, 1);
        }
    }
}
