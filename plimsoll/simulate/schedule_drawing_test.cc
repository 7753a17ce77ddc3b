// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/schedule_drawing.h"

#include <doctest/doctest.h>

using namespace plimsoll;
using namespace plimsoll::simulate;

TEST_CASE("an attempt whose wall time was set back to before the run is drawn at its beginning") {
    using std::chrono::seconds;
    Played played;
    played.makespan = seconds(40);
    played.attempts.resize(1);
    played.attempts[0].task_name = "a";
    played.attempts[0].outcome = Outcome{Ending::not_started, 0, "no such program"};
    played.spans = {Span{Instant(seconds(-30)), Instant(seconds(-30)), 0}};
    CHECK(draw_schedule(played).find("a |x.......") != std::string::npos);
}
