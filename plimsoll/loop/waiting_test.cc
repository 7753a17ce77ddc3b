// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/loop/waiting.h"

#include <doctest/doctest.h>

using namespace plimsoll;
using namespace plimsoll::loop;

namespace {

Resources of(const char* text) { return parse_resources(text).value(); }

}  // namespace

TEST_CASE("who waits for memory is told how much, who has it, and what helps") {
    CHECK(
        waiting_reason({.task = "sort[s1]",
                        .ask = of("cpu=1 memory=6GiB"),
                        .may_hold = of("cpu=4 memory=3GiB"),
                        .total = of("cpu=4 memory=7GiB"),
                        .others = {.runs = of("memory=2GiB"), .programs = 2_GiB, .kept_free = 1_GiB},
                        .is_request = true}) ==
        "sort[s1] needs 6.00 GiB of memory, and this run may hold 3.00 GiB of 7.00 GiB at present: other runs hold "
        "2.00 GiB, other programs use 2.00 GiB, --keep-free leaves 1.00 GiB alone. It starts when 3.00 GiB more is "
        "free; to start it sooner, end another run, or end programs you do not need, or lower --keep-free, or let its "
        "step request less");
}

TEST_CASE("who waits for cores is told of runs that hold cores, and of nobody's memory") {
    CHECK(waiting_reason({.task = "sort",
                          .ask = of("cpu=3 memory=1GiB"),
                          .may_hold = of("cpu=1 memory=3GiB"),
                          .total = of("cpu=4 memory=7GiB"),
                          .others = {.runs = of("cpu=3 memory=1GiB"), .programs = 2_GiB}}) ==
          "sort needs 3 cores, and this run may hold 1 core of 4 cores at present: other runs hold 3 cores. It "
          "starts when 2 cores more are free; to start it sooner, end another run, or give its step a smaller request");
}

TEST_CASE("where nobody is known to have it, nobody is blamed") {
    CHECK(
        waiting_reason(
            {.task = "train", .ask = of("gpu=1"), .may_hold = of("cpu=4"), .total = of("cpu=4 gpu=1"), .others = {}}) ==
        "train needs 1 of gpu, and this run may hold 0 of 1 at present. It starts when 1 more is free; to start it "
        "sooner, give its step a smaller request");
}

TEST_CASE("a task that is only about to start is said to be") {
    CHECK(waiting_reason(
              {.task = "sort", .ask = of("cpu=1"), .may_hold = of("cpu=2"), .total = of("cpu=4"), .others = {}}) ==
          "sort is ready, and starts as soon as there is room for it");
}
