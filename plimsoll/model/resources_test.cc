// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/model/resources.h"

#include <doctest/doctest.h>

using namespace plimsoll;

namespace {

Resources of(const char* text) { return parse_resources(text).value(); }

}  // namespace

TEST_CASE("a need fits only if every kind fits") {
    CHECK(fits(of("cpu=2 memory=3GiB"), of("cpu=2 memory=4GiB")));
    CHECK_FALSE(fits(of("cpu=2 memory=5GiB"), of("cpu=4 memory=4GiB")));
    CHECK_FALSE(fits(of("gpu=1"), of("cpu=4 memory=4GiB")));
    CHECK(first_misfit(of("cpu=1 memory=5GiB"), of("cpu=4 memory=4GiB")) == "memory");
    // Ten tenths of a core are one core, whatever the sum of the fractions says.
    Resources tenths;
    for (int i = 0; i < 10; ++i) tenths += of("cpu=0.1");
    CHECK(fits(tenths, of("cpu=1")));
}

TEST_CASE("the dominant share is the largest of the shares") {
    CHECK(dominant_share(of("cpu=1 memory=3GiB"), of("cpu=4 memory=4GiB")) == doctest::Approx(0.75));
    CHECK(dominant_share(of("gpu=1"), of("cpu=4")) == 1.0);
}

TEST_CASE("resources print as they are read") {
    CHECK(format(of("cpu=0.5 memory=3GiB gpu=1")) == "cpu=0.5 memory=3.00 GiB gpu=1");
    CHECK(format(Resources{}) == "nothing");
    CHECK_FALSE(parse_resources("ram=3GiB"));
}
