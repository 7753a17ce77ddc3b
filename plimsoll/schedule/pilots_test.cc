// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/pilots.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace plimsoll;
using namespace plimsoll::schedule;

namespace {

const TaskKind align{.workflow = "variants", .step = "align", .tool = "bwa mem"};

std::vector<Untried> waiting(const std::vector<double>& inputs) {
    std::vector<Untried> all;
    for (const double input : inputs) all.push_back({.task = static_cast<TaskId>(all.size()), .input_bytes = input});
    return all;
}

/// A letter a task: Pilot, held Back, usual (.).
std::string drawn(const std::vector<Standing>& standings) {
    std::string text;
    for (const Standing one : standings) text += one == Standing::pilot ? 'P' : one == Standing::held_back ? 'B' : '.';
    return text;
}

std::string chosen(const Pilots& pilots, const std::vector<double>& inputs, double share = 0.1) {
    return drawn(pilots.standings(align, waiting(inputs), share));
}

}  // namespace

// Of nine, the middles of three thirds are the second, fifth and eighth by input.
TEST_CASE("pilots are spread over the inputs of all that wait, and of equal inputs are the first") {
    CHECK(chosen({}, {10, 20, 30, 40, 50, 60, 70, 80, 90}) == "BPBBPBBPB");
    CHECK(chosen({}, {90, 80, 70, 60, 50, 40, 30, 20, 10}) == "BPBBPBBPB");
    CHECK(chosen({}, {5, 5, 5, 5, 5, 5}) == "PPPBBB");
    CHECK(chosen({}, {5, 5, 5, 5, 5, 900}) == "PPBBBP");
}

TEST_CASE("pilots hold half of the machine at most, and there is always one") {
    CHECK(chosen({}, {1, 1, 1, 1, 1}, 0) == "PPPBB");
    CHECK(chosen({}, {1, 1, 1, 1, 1}, 0.25) == "PPBBB");
    CHECK(chosen({}, {1, 1, 1, 1, 1}, 0.26) == "PBBBB");
    CHECK(chosen({}, {1, 1, 1, 1, 1}, 1) == "PBBBB");
}

TEST_CASE("of few nobody is held back, unless some of them run already") {
    Pilots pilots;
    CHECK(chosen(pilots, {1, 2, 3}) == "...");
    pilots.begun(align);
    CHECK(chosen(pilots, {1, 2, 3}) == "PBP");
    pilots.begun(align);
    pilots.begun(align);
    CHECK(chosen(pilots, {1, 2, 3}) == "BBB");
}

TEST_CASE("whoever failed as a pilot goes first again, and one that is lost makes room for another") {
    Pilots pilots;
    pilots.begun(align);
    CHECK_FALSE(pilots.ended(align, false));
    std::vector<Untried> all = waiting({1, 2, 3, 4, 5});
    all[4].has_begun = true;
    CHECK(drawn(pilots.standings(align, all, 0.6)) == "BBBBP");
    CHECK(drawn(pilots.standings(align, all, 0.25)) == "BBPBP");
}

TEST_CASE("once one has finished nobody is held back any more, and other kinds are apart") {
    Pilots pilots;
    pilots.begun(align);
    pilots.begun(align);
    CHECK(pilots.ended(align, true));
    CHECK_FALSE(pilots.ended(align, true));
    CHECK(chosen(pilots, {1, 2, 3, 4, 5}) == ".....");
    TaskKind other = align;
    other.step = "sort";
    CHECK(drawn(pilots.standings(other, waiting({1, 1, 1, 1}), 0.1)) == "PPPB");
}
