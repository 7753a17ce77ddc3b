// SPDX-License-Identifier: Apache-2.0
// Scenarios written down and read again, and made smaller.
#include "plimsoll/simulate/shrink.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "plimsoll/base/text.h"
#include "plimsoll/simulate/random_scenario.h"
#include "plimsoll/simulate/read_scenario.h"
#include "plimsoll/simulate/schedule_drawing.h"
#include "plimsoll/simulate/write_scenario.h"

using namespace plimsoll;
using namespace plimsoll::simulate;

namespace {

std::string course_of(const Scenario& scenario) {
    const auto runs = play(scenario);
    if (!runs) return runs.error().message;
    std::string text;
    for (const Played& run : *runs) text += draw_schedule(run);
    return text;
}

}  // namespace

TEST_CASE("a random scenario that is written down and read again takes the same course") {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        const Scenario scenario = random_scenario(seed);
        const std::string text = write_scenario(scenario);
        CAPTURE(text);
        const auto again = parse_scenario(text, "");
        REQUIRE_MESSAGE(again, again.error().message);
        CHECK(course_of(again->scenario) == course_of(scenario));
        CHECK(write_scenario(again->scenario) == text);
    }
}

// What fails is "some task of s2 is lost with its node": that needs one step, one fault and two nodes.
TEST_CASE("what does not matter to the failure is taken away") {
    const auto fails = [](const Scenario& scenario) {
        const auto runs = play(scenario);
        return runs && std::ranges::any_of(runs->front().attempts, [](const AttemptRecord& attempt) {
                   return attempt.outcome->ending == Ending::lost && attempt.kind.step == "s2";
               });
    };
    std::uint64_t seed = 1;
    while (!fails(random_scenario(seed))) ++seed;
    const std::string small = shrink(write_scenario(random_scenario(seed)), fails);
    CAPTURE(small);
    const auto read = parse_scenario(small, "");
    REQUIRE(read);
    CHECK(fails(read->scenario));
    CHECK(read->scenario.workflow.tasks.size() == 1);
    CHECK(read->scenario.faults.size() == 1);
    CHECK(read->scenario.step_faults.empty());
    CHECK(std::ranges::count(small, '\n') <= 12);
}
