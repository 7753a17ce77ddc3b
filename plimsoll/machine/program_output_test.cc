// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/program_output.h"

#include <doctest/doctest.h>

using namespace plimsoll;
using namespace plimsoll::machine;

TEST_CASE("a program's code and what it said on both streams are told") {
    const auto said = program_output({"/bin/sh", "-c", "echo out; echo err >&2; cat; exit 3"});
    REQUIRE(said);
    CHECK(said->code == 3);
    CHECK(said->out == "out");
    CHECK(said->err == "err");
    CHECK(program_output({"/bin/sh", "-c", "kill -9 $$"})->code == 137);
}

TEST_CASE("as much as a program says is taken, without waiting for anybody to read it") {
    CHECK(program_output({"/bin/sh", "-c", "head -c 3000000 /dev/zero | tr '\\0' x"})->out.size() == 3'000'000);
}

TEST_CASE("a program that is not there is an error") {
    CHECK(program_output({"/no/such/program"}).error().kind == ErrorKind::unavailable);
}
