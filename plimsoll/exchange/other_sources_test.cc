// SPDX-License-Identifier: Apache-2.0
// Snakemake, GNU time, WfFormat.
#include <doctest/doctest.h>

#include "plimsoll/exchange/reading_for_test.h"
#include "plimsoll/exchange/snakemake.h"

using namespace plimsoll;
using namespace plimsoll::exchange;
using namespace std::chrono_literals;

TEST_CASE("a benchmark of Snakemake is a table") {
    const Read rows = read("snakemake",
                           "s\th:m:s\tmax_rss\tmax_vms\tmax_uss\tmax_pss\tio_in\tio_out\tmean_load\tcpu_time\n"
                           "90.5\t0:01:30\t512.00\t1024.00\t500.00\t504.50\t10.00\t2.00\t150.00\t135.75\n"
                           "0.2\t0:00:00\t-\t-\t-\t-\t-\t-\t0\t0\n",
                           {.step = "align"});
    REQUIRE(rows.all.size() == 2);
    const AttemptRecord& first = rows.attempt(0);
    CHECK(first.kind == TaskKind{.workflow = "snakemake", .step = "align", .tool = ""});
    CHECK(first.profile.runtime == 90500ms);
    CHECK(first.profile.memory_peak == 504_MiB + 512_KiB);
    CHECK(first.profile.memory_high_water == 512_MiB);
    CHECK(first.profile.cpu == 135750ms);
    CHECK(first.profile.read_bytes == 10_MiB);
    CHECK_FALSE(is_memory_measured(rows.attempt(1).profile));
}

TEST_CASE("an extended benchmark names rule, wildcards, resources and inputs") {
    const std::string object =
        R"({"s": 60, "h:m:s": "0:01:00", "max_rss": 100, "cpu_time": 30, "rule_name": "call", "wildcards": {"sample": "s1"}, )"
        R"("threads": 4, "resources": {"mem_mb": 2000, "mem_mib": 1908, "runtime": 120, "tmpdir": "/tmp"}, )"
        R"("input_size_mb": {"a.bam": 1.5, "b: {}.bai": 0.5}})";
    const Read rows = read("snakemake", object + "\nnot json\n[1]\n");
    REQUIRE(rows.all.size() == 1);
    const AttemptRecord& call = rows.attempt(0);
    CHECK(call.kind.step == "call");
    CHECK(call.request == Request{.cpu = 4_cores, .memory = 1908_MiB, .time = 2h, .disk = {}, .gpu = {}});
    CHECK(call.features.input_bytes == 2_MiB);
    CHECK(call.features.input_count == 2);
    CHECK(rows.account.unreadable == 2);
}

TEST_CASE("a benchmark that names no rule is its folder's, or its own name's") {
    CHECK(rule_of_file("benchmarks/align/s1.tsv") == "align");
    CHECK(rule_of_file("results/bench/align.tsv") == "align");
    CHECK(rule_of_file("align.benchmark.txt") == "align");
    CHECK(number_behind("{'mem_mb': 1000, 'x': 2}", "mem_mb") == 1000);
    CHECK_FALSE(number_behind("{'mem_mb': 'a lot'}", "mem_mb"));
    CHECK(sum_of_values("{'a:1': 1.5, \"b\": 2}").total == 3.5);
    CHECK(sum_of_values("7").total == 7);
    CHECK(read("snakemake", "a\tb\n1\t2\n").error.find("benchmark") != std::string::npos);
}

TEST_CASE("reports of GNU time stand between whatever else a log holds") {
    const auto report = [](std::string_view command, std::string_view elapsed, int kib, int status) {
        return "\tCommand being timed: \"" + std::string(command) +
               "\"\n\tUser time (seconds): 1.50\n"
               "\tSystem time (seconds): 0.50\n\tPercent of CPU this job got: 99%\n"
               "\tElapsed (wall clock) time (h:mm:ss or m:ss): " +
               std::string(elapsed) + "\n\tMaximum resident set size (kbytes): " + std::to_string(kib) +
               "\n\tFile system inputs: 16\n\tFile system outputs: 8\n\tExit status: " + std::to_string(status) + "\n";
    };
    const std::string text = "[bwa] hello\n" + report("/usr/bin/bwa mem -t 4 ref: x", "1:02.50", 2048, 0) + "more\n" +
                             "Command terminated by signal 9\n" + report("sort x", "1:00:00", 4096, 0) +
                             report("sort y", "0:01.00", 1, 2) + "\tCommand being timed: \"cut off\"\n";
    const Read reports = read("gnu-time", text, {}, {.tool_of = [](std::string_view) { return "a tool"; }});
    REQUIRE(reports.all.size() == 3);
    CHECK(reports.attempt(0).kind == TaskKind{.workflow = "gnu-time", .step = "bwa", .tool = "a tool"});
    CHECK(reports.attempt(0).profile.runtime == 62500ms);
    CHECK(reports.attempt(0).profile.cpu == 2s);
    CHECK(reports.attempt(0).profile.memory_peak == 2_MiB);
    CHECK(reports.attempt(0).profile.read_bytes == 8_KiB);
    CHECK(*reports.attempt(1).outcome == Outcome{.ending = Ending::signal, .code = 9, .detail = ""});
    CHECK(*reports.attempt(2).outcome == Outcome{.ending = Ending::exit, .code = 2, .detail = ""});
    CHECK(reports.account.problems.size() == 1);
    CHECK(read("gnu-time", "real 0m1s\n").error.find("/usr/bin/time -v") != std::string::npos);
}

TEST_CASE("WfFormat joins what was asked and what was run, of 1.5 and before") {
    const Read recent = read("wfformat", R"({"name": "rna", "schemaVersion": "1.5", "workflow": {
      "specification": {"tasks": [{"name": "align", "id": "align_1", "parents": [], "children": [],
                                   "inputFiles": ["a.fq", "b.fq"], "outputFiles": []},
                                  {"name": "never", "id": "n1", "parents": [], "children": []}],
                        "files": [{"id": "a.fq", "sizeInBytes": 100}, {"id": "b.fq", "sizeInBytes": 50}]},
      "execution": {"makespanInSeconds": 9, "executedAt": "2026-01-02T03:04:05Z",
        "tasks": [{"id": "align_1", "runtimeInSeconds": 1.5, "coreCount": 2, "avgCPU": 150, "memoryInBytes": 1048576,
                   "readBytes": 7, "writtenBytes": 8, "machines": ["n1"], "command": {"program": "bwa", "arguments": ["1"]}}],
        "machines": [{"nodeName": "n1", "cpu": {"coreCount": 64}}]}}})");
    REQUIRE(recent.all.size() == 1);
    const AttemptRecord& align = recent.attempt(0);
    CHECK(align.kind == TaskKind{.workflow = "rna", .step = "align", .tool = ""});
    CHECK(align.features.input_bytes == Bytes{150});
    CHECK(align.profile.runtime == 1500ms);
    CHECK(align.profile.cpu == 2250ms);
    CHECK(align.profile.memory_peak == 1_MiB);
    CHECK(align.request.cpu == 2_cores);
    CHECK(recent.account.skipped.at("was not run").count == 1);
    const Read before = read("wfformat", R"({"name": "old", "workflow": {"makespan": 3, "tasks": [
      {"name": "sort_ID0000001", "runtimeInSeconds": 2, "memoryInBytes": 4096, "cores": 1,
       "files": [{"link": "input", "name": "x", "sizeInBytes": 10}, {"link": "output", "name": "y", "sizeInBytes": 20}]}]}})");
    REQUIRE(before.all.size() == 1);
    CHECK(before.attempt(0).kind.step == "sort_ID#");
    CHECK(before.attempt(0).features.input_bytes == Bytes{10});
}

TEST_CASE("what is no WfFormat says where it goes wrong") {
    CHECK(read("wfformat", "{\n \"name\": oops}").error.starts_with("dump.txt:2:"));
    CHECK(read("wfformat", "{}").error.find("no tasks") != std::string::npos);
    CHECK_FALSE(read("wfformat", "").error.empty());
}
