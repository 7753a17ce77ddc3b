// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/exchange/sacct_fields.h"

#include <doctest/doctest.h>

using namespace plimsoll;
using namespace plimsoll::exchange;
using namespace std::chrono_literals;

TEST_CASE("times are as sacct writes them") {
    CHECK(sacct_duration("02:03:04") == 2h + 3min + 4s);
    CHECK(sacct_duration("1-02:03:04") == 26h + 3min + 4s);
    CHECK(sacct_duration("03:04.500") == 3min + 4500ms);
    CHECK(sacct_duration("17") == 17s);
    for (const char* none : {"", "UNLIMITED", "Partition_Limit", "1-", "-5", "1:2:3:4", "12:xx", "00:00:0x"})
        CHECK_FALSE(sacct_duration(none));
}

TEST_CASE("memory has binary units, and none is bytes") {
    CHECK(sacct_bytes("1024K") == 1_MiB);
    CHECK(sacct_bytes("12.5M") == 12_MiB + 512_KiB);
    CHECK(sacct_bytes("1.50G") == 1_GiB + 512_MiB);
    CHECK(sacct_bytes("2T") == 2048_GiB);
    CHECK(sacct_bytes("0") == 0_B);
    CHECK(sacct_bytes("4096") == 4_KiB);
    for (const char* none : {"", "K", "12Q", "12KB", "1e3", "-1K", "99999999999999999P", "nan", "inf"})
        CHECK_FALSE(sacct_bytes(none));
}

TEST_CASE("what was asked for is told by job, by CPU or by node") {
    CHECK(sacct_requested("4G", 8, 1) == 4_GiB);
    CHECK(sacct_requested("4Gc", 8, 1) == 32_GiB);
    CHECK(sacct_requested("4Gn", 8, 2) == 8_GiB);
    CHECK(sacct_requested("512", 1, 1) == 512_MiB);
    CHECK_FALSE(sacct_requested("0n", 8, 1));
    CHECK_FALSE(sacct_requested("", 8, 1));
}

TEST_CASE("a list of resources is read by name") {
    constexpr std::string_view tres = "billing=4,cpu=4,gres/gpu:a100=2,mem=16G,node=1,vmem=3G";
    CHECK(tres_value(tres, "mem") == "16G");
    CHECK(tres_value(tres, "cpu") == "4");
    CHECK(tres_value(tres, "em").empty());
    CHECK(tres_gpus(tres) == 2);
    CHECK(tres_gpus("gres/gpu=3,gres/gpu:a100=2") == 3);
}

TEST_CASE("states are known by their first word, cut or whole") {
    CHECK(sacct_state("COMPLETED") == SacctState::completed);
    CHECK(sacct_state("CANCELLED by 1000") == SacctState::cancelled);
    CHECK(sacct_state("OUT_OF_ME+") == SacctState::out_of_memory);
    CHECK(sacct_state("RUNNING") == SacctState::not_ended);
    CHECK_FALSE(sacct_state("DONE"));
    CHECK_FALSE(sacct_state(""));
}

TEST_CASE("ids part a job from its step") {
    const auto step_of = [](std::string_view text) {
        const auto id = sacct_id(text);
        return id ? std::string(id->job) + " " + std::string(id->step) : std::string("none");
    };
    CHECK(step_of("12") == "12 ");
    CHECK(step_of("12.batch") == "12 batch");
    CHECK(step_of("12_3.0") == "12_3 0");
    CHECK(step_of("12+1.extern") == "12+1 extern");
    CHECK(step_of("12_[1-3,7%2]") == "12_[1-3,7%2] ");
    CHECK(step_of("batch") == "none");
}

TEST_CASE("instants are read, and what is none is not") {
    CHECK(rfc3339(*sacct_time("2026-11-21T04:47:42")) == "2026-11-21T04:47:42.000Z");
    for (const char* none :
         {"", "Unknown", "2026-11-21", "2026-13-01T00:00:00", "9999-01-01T00:00:00", "2026-02-30T00:00:00"})
        CHECK_FALSE(sacct_time(none));
}
