// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/history/started_file.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include "plimsoll/history/samples_for_test.h"

using namespace plimsoll;
using namespace plimsoll::history;

TEST_CASE("the starts of attempts are read back, names with tabs and line ends included") {
    const ScratchFolder scratch;
    AttemptRecord odd = sample_start(7, 2);
    odd.task_name = "a\tb\nc\\d";
    {
        StartedFile file = StartedFile::create(scratch / "started").value();
        REQUIRE(file.add(sample_start(8)));
        REQUIRE(file.add(odd));
    }
    const auto read = read_started(scratch / "started").value();
    REQUIRE(read.size() == 2);
    CHECK(read[0].id == AttemptId{.task = 7, .number = 2});
    CHECK(read[0].task_name == odd.task_name);
    CHECK(read[0].kind == odd.kind);
    CHECK(read[0].group == odd.group);
    CHECK(read[0].started == odd.started);
    CHECK(read[1].id.task == 8);
}

TEST_CASE("an attempt that was added again is told once, as it was told last") {
    const ScratchFolder scratch;
    StartedFile file = StartedFile::create(scratch / "started").value();
    AttemptRecord attempt = sample_start(1);
    attempt.group = "";
    REQUIRE(file.add(attempt));
    attempt.group = "1234";
    REQUIRE(file.add(attempt));
    const auto read = read_started(scratch / "started").value();
    REQUIRE(read.size() == 1);
    CHECK(read[0].group == "1234");
}

TEST_CASE("a line that was cut short is left out, the others stay") {
    const ScratchFolder scratch;
    {
        StartedFile file = StartedFile::create(scratch / "started").value();
        REQUIRE(file.add(sample_start(1)));
        REQUIRE(file.add(sample_start(2)));
    }
    const std::string path = scratch / "started";
    REQUIRE(::truncate(path.c_str(), static_cast<off_t>(read_file(path).value().size()) - 3) == 0);
    CHECK(read_started(path).value().size() == 1);
}

TEST_CASE("no file means that nothing was started") {
    const ScratchFolder scratch;
    CHECK(read_started(scratch / "started").value().empty());
}
