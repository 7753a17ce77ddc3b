// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/base/units.h"

#include <doctest/doctest.h>

using namespace plimsoll;

TEST_CASE("memory is read in the spellings users know") {
    CHECK(parse_bytes("3GiB").value() == 3_GiB);
    CHECK(parse_bytes("3 G").value() == 3_GiB);
    CHECK(parse_bytes("1.5Gi").value() == 1536_MiB);
    CHECK(parse_bytes("2GB").value() == Bytes{2'000'000'000});
    CHECK(parse_bytes("4096").value() == 4_KiB);
    CHECK(parse_bytes("3 gigs").error().message == "unknown unit 'gigs' in '3 gigs'; use B, KiB, MiB, GiB or TiB");
    CHECK(parse_bytes("-1G").error().kind == ErrorKind::invalid);
    CHECK_FALSE(parse_bytes(""));
    CHECK_FALSE(parse_bytes("1e300G"));
}

TEST_CASE("cores may be fractions or thousandths") {
    CHECK(parse_cores("2").value() == 2_cores);
    CHECK(parse_cores("500m").value() == 0.5_cores);
    CHECK_FALSE(parse_cores("two"));
}

TEST_CASE("times add up their parts") {
    using namespace std::chrono_literals;
    CHECK(parse_duration("90").value() == 90s);
    CHECK(parse_duration("1h30m").value() == 90min);
    CHECK(parse_duration("1 h 30 min").value() == 90min);
    CHECK(parse_duration("250ms").value() == 250ms);
    CHECK(parse_duration("1:30:00").value() == 90min);
    CHECK_FALSE(parse_duration("1 fortnight"));
    CHECK_FALSE(parse_duration("5 5"));
}

TEST_CASE("amounts print with three digits") {
    CHECK(format(0_B) == "0 B");
    CHECK(format(1536_MiB) == "1.50 GiB");
    CHECK(format(Bytes{1023}) == "1.00 KiB");
    CHECK(format(0.35_cores) == "0.35");
    CHECK(format(2_cores) == "2");
    CHECK(format(from_seconds(245)) == "4m 05s");
    CHECK(format(from_seconds(12.34)) == "12.3 s");
}
