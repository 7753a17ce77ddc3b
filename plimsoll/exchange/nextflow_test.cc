// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cstdlib>

#include "plimsoll/exchange/nextflow_fields.h"
#include "plimsoll/exchange/reading_for_test.h"
#include "tests/skip.h"

using namespace plimsoll;
using namespace plimsoll::exchange;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view raw =
    "task_id\thash\tprocess\ttag\tname\tstatus\texit\tcpus\ttime\tmemory\tattempt\tsubmit\tstart\tcomplete\trealtime\t"
    "%cpu\tpeak_rss\trchar\n"
    "1\t4d/5d2be1\tRNASEQ:ALIGN\ts1\tRNASEQ:ALIGN (s1)\tCOMPLETED\t0\t2\t14400000\t4294967296\t1\t1719302359716\t"
    "1719302573000\t1719302586000\t12291\t119.6\t274485248\t145215827\n";
constexpr std::string_view human =
    "task_id\thash\tnative_id\tname\tstatus\texit\tsubmit\tduration\trealtime\t%cpu\tpeak_rss\tpeak_"
    "vmem\trchar\twchar\n"
    "1\t4d/5d2be1\t4711\tALIGN (s1)\tCOMPLETED\t0\t2026-01-02 03:04:05.678\t1m 30s\t1m\t119.6%\t29.8 MB\t1 GB\t1.2 "
    "GB\t0\n"
    "2\t5e/5d2be1\t4712\tALIGN (s2)\tCOMPLETED\t0\t2026-01-02 03:04:05.678\t1s\t250ms\t-\t-\t-\t-\t-\n";

}  // namespace

TEST_CASE("amounts of a trace are raw or for people") {
    CHECK(nextflow_bytes("29.8 MB") == Bytes{31247565});
    CHECK(nextflow_bytes("4294967296") == 4_GiB);
    CHECK(nextflow_bytes("1 GB") == 1_GiB);
    CHECK(nextflow_duration("1m 30s") == 90s);
    CHECK(nextflow_duration("2d 3h") == 51h);
    CHECK(nextflow_duration("250ms") == 250ms);
    CHECK(nextflow_duration("12291") == 12291ms);
    CHECK(nextflow_percent("119.6%") == 119.6);
    CHECK(rfc3339(*nextflow_time("2026-01-02 03:04:05.678")) == "2026-01-02T03:04:05.678Z");
    CHECK(rfc3339(*nextflow_time("1719302573000")) == "2024-06-25T08:02:53.000Z");
    for (const char* none : {"", "x", "1 XB", "-1", "1e400", "99999999999999999999"}) {
        CHECK_FALSE(nextflow_bytes(none));
        CHECK_FALSE(nextflow_duration(none));
        CHECK_FALSE(nextflow_time(none));
    }
}

TEST_CASE("a raw trace is read") {
    const Read trace = read("nextflow", raw);
    REQUIRE(trace.all.size() == 1);
    const AttemptRecord& task = trace.attempt(0);
    CHECK(task.kind == TaskKind{.workflow = "rnaseq", .step = "RNASEQ:ALIGN", .tool = ""});
    CHECK(task.task_name == "RNASEQ:ALIGN (s1)");
    CHECK(task.request == Request{.cpu = 2_cores, .memory = 4_GiB, .time = 4h, .disk = {}, .gpu = {}});
    CHECK(task.profile.memory_peak == Bytes{274485248});
    CHECK(task.profile.runtime == 12291ms);
    CHECK(seconds(task.profile.cpu) == doctest::Approx(12.291 * 1.196));
    CHECK(task.features.input_bytes == Bytes{145215827});
    CHECK(trace.account.notes.size() == 1);
}

TEST_CASE("a trace for people is read, with the columns it has by default") {
    const Read trace = read("nextflow", human, {.workflow = "mine"});
    REQUIRE(trace.all.size() == 2);
    CHECK(trace.attempt(0).kind == TaskKind{.workflow = "mine", .step = "ALIGN", .tool = ""});
    CHECK(trace.attempt(0).profile.runtime == 1min);
    CHECK(rfc3339(trace.attempt(0).started) == "2026-01-02T03:04:35.678Z");
    CHECK_FALSE(is_memory_measured(trace.attempt(1).profile));
}

TEST_CASE("a task that was killed and tried again is one task of two attempts") {
    const Read trace = read("nextflow",
                            "hash,name,status,exit,memory,attempt,realtime,peak_rss\n"
                            "a/1,ALIGN (s1),FAILED,137,1 GB,1,1m,900 MB\n"
                            "a/2,ALIGN (s2),COMPLETED,0,1 GB,1,1m,500 MB\n"
                            "a/3,ALIGN (s1),COMPLETED,0,2 GB,2,1m,1.5 GB\n"
                            "a/4,\"ALIGN (s,4)\",FAILED,1,1 GB,1,1m,1 MB\n");
    REQUIRE(trace.all.size() == 4);
    CHECK(trace.attempt(0).outcome->ending == Ending::out_of_memory);
    CHECK(trace.attempt(2).id == AttemptId{.task = trace.attempt(0).id.task, .number = 2});
    CHECK(trace.attempt(1).id.task != trace.attempt(0).id.task);
    CHECK(trace.attempt(3).outcome->ending == Ending::exit);
    CHECK(trace.attempt(3).task_name == "ALIGN (s,4)");
}

TEST_CASE("what is cached, aborted or under way is skipped; what cannot be read has a place") {
    const Read trace = read("nextflow",
                            "hash\tname\tstatus\trealtime\tpeak_rss\n"
                            "a/1\tA\tCACHED\t1m\t1 MB\na/2\tA\tABORTED\t-\t-\na/3\tA\tRUNNING\t-\t-\n"
                            "a/4\tA\tCOMPLETED\t-\t-\na/5\tA\tCOMPLETED\t1m\tmuch\na/6\tA\n");
    CHECK(trace.all.empty());
    CHECK(trace.account.skipped.size() == 4);
    REQUIRE(trace.account.problems.size() == 2);
    CHECK(trace.account.problems[0].starts_with("dump.txt:6:20: 'much' is no amount of memory"));
    CHECK(trace.account.problems[1].starts_with("dump.txt:7:6: 2 fields"));
    CHECK(read("nextflow", "a\tb\n").error.find("-with-trace") != std::string::npos);
    CHECK_FALSE(read("nextflow", "").error.empty());
}

TEST_CASE("the public traces are read to the last row") {
    const char* data = std::getenv("PLIMSOLL_DATA");
    if (!data) PLIM_SKIP("PLIMSOLL_DATA does not name the folder of public traces");
    const std::pair<std::string, std::size_t> traces[] = {
        {"chipseq", 2938}, {"eager", 1576}, {"iwd", 1661}, {"methylseq", 1083}};
    for (const auto& [name, rows] : traces) {
        Account account;
        KindNames names({.workflow = name});
        std::size_t kept = 0;
        const auto take = [&](const Imported&) -> Result<bool> { return ++kept > 0; };
        Into into{.names = names, .account = account, .take = take};
        Lines lines(open_pieces(std::string(data) + "/sizing/trace_" + name + ".csv.gz").value(), name);
        REQUIRE(find_source("nextflow")->read(lines, {}, into));
        CAPTURE(name);
        CHECK(account.rows == rows);
        CHECK(account.unreadable == 0);
        std::size_t skipped = 0;
        for (const auto& [reason, tally] : account.skipped) skipped += tally.count;
        CHECK(account.taken + skipped == rows);
        CHECK(skipped < rows / 10);  // those without a runtime
    }
}
