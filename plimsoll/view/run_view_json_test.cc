// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/view/run_view_json.h"

#include <doctest/doctest.h>

#include "plimsoll/view/run_view_for_test.h"

using namespace plimsoll;
using namespace plimsoll::view;
using namespace std::chrono_literals;

TEST_CASE("a run that is written and read again is the same, with all that may be unknown") {
    RunView run = run_for_test();
    CHECK(parse_run_view(to_json(run)).value() == run);
    run.state = RunState::failed;
    run.is_stopping = true;
    run.eta = {.least = 5s, .most = {}, .unknown = "no past run tells how long call takes"};
    run.waits = "call waits: \"it\" needs\n more";
    run.running[0].frozen = 12s;
    run.running[0].takes.reset();
    run.running[1].used.reset();
    run.queues = {{"prod/nightly", 0.625, 0.75, 12}, {"dev", 0.375, 0.25, 0}};
    run.happenings = {{1, "retry   a: exit code 1"}, {2, "FAILED  a: exit code 1"}};
    CHECK(parse_run_view(to_json(run)).value() == run);
}

TEST_CASE("what is no such object is damaged, however near it comes") {
    const std::string whole = to_json(run_for_test());
    for (std::size_t size = 0; size < whole.size(); size += 7)
        CHECK(parse_run_view(std::string_view(whole).substr(0, size)).error().kind == ErrorKind::damaged);
    CHECK(!parse_run_view("[]"));
    CHECK(!parse_run_view(R"({"run": 1})"));
}

TEST_CASE("names that are no UTF-8 are told all the same") {
    RunView run = run_for_test();
    run.running[0].name = "align[\xff]";
    CHECK(parse_run_view(to_json(run)).value().running[0].name == "align[\xEF\xBF\xBD]");
}
