// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/critical_path.h"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "plimsoll/base/random.h"

using namespace plimsoll;
using namespace plimsoll::schedule;

namespace {

std::vector<double> ranks_of(const CriticalPath& path, TaskId count) {
    std::vector<double> ranks;
    for (TaskId id = 0; id < count; ++id) ranks.push_back(path.rank(id));
    return ranks;
}

}  // namespace

TEST_CASE("the rank of a task is the longest path that hangs on it") {
    //  0(2) -> 1(3) -> 3(1)
    //  0    -> 2(9)
    CriticalPath path;
    path.join(0, {}, 2);
    const TaskId first[] = {0};
    const TaskId second[] = {1};
    path.join(1, first, 3);
    path.join(2, first, 9);
    path.join(3, second, 1);
    CHECK_FALSE(path.refresh());  // none had a rank before
    CHECK(path.rank(0) == 11);
    CHECK(path.rank(1) == 4);
    CHECK(path.rank(3) == 1);
    CHECK_FALSE(path.refresh());
    path.set_runtime(2, 0);
    CHECK(path.rank(0) == 11);
    CHECK(path.refresh());
    CHECK(path.rank(0) == 6);
    CHECK(path.rank(99) == 0);
}

TEST_CASE("tasks that join one by one get the ranks that all at once would have") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        CAPTURE(seed);
        Rng rng(seed);
        CriticalPath at_once, one_by_one;
        for (TaskId id = 0; id < 60; ++id) {
            std::vector<TaskId> needs;
            for (TaskId need = 0; need < id; ++need)
                if (rng.uniform() < 0.1) needs.push_back(need);
            const double runtime = std::floor(10 * rng.uniform());
            at_once.join(id, needs, runtime);
            one_by_one.join(id, needs, runtime);
            const std::vector<double> before = ranks_of(one_by_one, id);
            const bool moved = one_by_one.refresh();
            CHECK(moved == (ranks_of(one_by_one, id) != before));
        }
        at_once.refresh();
        CHECK(ranks_of(one_by_one, 60) == ranks_of(at_once, 60));
    }
}
