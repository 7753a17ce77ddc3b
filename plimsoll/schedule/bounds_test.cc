// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/bounds.h"

#include <doctest/doctest.h>

#include <vector>

using namespace plimsoll;
using namespace plimsoll::schedule;
using namespace std::chrono_literals;

TEST_CASE("the demand bound counts what comes and is due within a stretch") {
    const std::vector<Periodic> tasks{{1s, 3s, 4s}, {2s, 5s, 8s}, {3s, 10s, 12s}};
    std::vector<int> demands;
    for (const Duration stretch : {3s, 5s, 7s, 10s, 11s, 15s, 22s})
        demands.push_back(static_cast<int>(seconds(demand_bound(tasks, stretch))));
    CHECK(demands == std::vector<int>{1, 3, 4, 7, 8, 11, 17});
}

TEST_CASE("a DAG keeps its deadline on so many cores of its own, or on none") {
    const DagWork dag{.work = 100s, .longest_path = 20s};
    CHECK(federated_cores(dag, 40s) == 4);
    CHECK(federated_cores(dag, 30s) == 8);
    CHECK(federated_cores(dag, 25s) == 16);
    CHECK_FALSE(federated_cores(dag, 20s));
    CHECK(federated_cores(dag, 100s) == 1);
    CHECK(federated_cores({.work = 20s, .longest_path = 20s}, 20s) == 1);  // a chain
}

TEST_CASE("with as many cores as federation gives, Graham's bound is within the deadline") {
    const DagWork dag{.work = 100s, .longest_path = 20s};
    CHECK(graham_bound(dag, 4) == 40s);
    for (const Duration deadline : {21s, 33s, 57s, 99s})
        CHECK(graham_bound(dag, *federated_cores(dag, deadline)) <= deadline);
}
