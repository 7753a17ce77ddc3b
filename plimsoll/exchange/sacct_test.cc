// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "plimsoll/exchange/reading_for_test.h"
#include "plimsoll/exchange/sacct_job.h"

using namespace plimsoll;
using namespace plimsoll::exchange;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view header =
    "JobID|JobName|User|State|ExitCode|Start|Elapsed|Timelimit|ReqMem|ReqCPUS|NNodes|MaxRSS|NTasks|TotalCPU\n";

Read read_jobs(std::string_view rows, const NamingOptions& naming = {}) {
    return read("sacct", std::string(header) + std::string(rows), {}, naming);
}

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("a job's request stands on its row, its use on its steps'") {
    const Read jobs = read_jobs(
        "7|align_1|ana|COMPLETED|0:0|2026-01-02T03:04:05|00:10:00|01:00:00|16G|4|1|||00:20:00\n"
        "7.batch|batch||COMPLETED|0:0|2026-01-02T03:04:05|00:10:00||||1|2048K|1|00:00:01\n"
        "7.extern|extern||COMPLETED|0:0|2026-01-02T03:04:05|00:10:00||||1|0|1|00:00:00\n"
        "7.0|bwa||COMPLETED|0:0|2026-01-02T03:04:05|00:10:00||||1|3G|1|00:19:59\n");
    REQUIRE(jobs.all.size() == 1);
    const AttemptRecord& job = jobs.attempt(0);
    CHECK(job.kind == TaskKind{.workflow = "ana", .step = "align_#", .tool = ""});
    CHECK(job.task_name == "align_1[7]");
    CHECK(job.request == Request{.cpu = 4_cores, .memory = 16_GiB, .time = 1h, .disk = {}, .gpu = {}});
    CHECK(job.profile.memory_peak == 3_GiB + 2_MiB);
    CHECK(job.profile.runtime == 10min);
    CHECK(job.profile.cpu == 20min);
    CHECK(job.outcome->ending == Ending::finished);
    CHECK(rfc3339(job.started) == "2026-01-02T03:04:05.000Z");
    CHECK(jobs.account.rows == 4);
    CHECK(jobs.account.taken == 1);
}

TEST_CASE("numbered steps count together only while they run side by side") {
    const auto at = [](int second) { return std::optional(WallTime(std::chrono::seconds(second))); };
    const SacctStep batch{.peak = 1_GiB};
    const SacctStep first{.numbered = true, .peak = 4_GiB, .start = at(0), .end = at(10)};
    const SacctStep second{.numbered = true, .peak = 2_GiB, .start = at(10), .end = at(20)};
    const SacctStep beside{.numbered = true, .peak = 3_GiB, .start = at(5), .end = at(8)};
    CHECK(peak_of({batch, first, second}) == 5_GiB);
    CHECK(peak_of({batch, first, second, beside}) == 8_GiB);
    CHECK(peak_of({{.numbered = true, .peak = 4_GiB}, {.numbered = true, .peak = 2_GiB}}) == 4_GiB);
}

TEST_CASE("of a step of several tasks the sum counts, or the largest times their number") {
    const Read jobs = read("sacct",
                           "JobID|JobName|State|Elapsed|MaxRSS|NTasks|TRESUsageInTot\n"
                           "1|a|COMPLETED|00:01:00|||\n1.0|a|COMPLETED|00:01:00|1G|4|\n"
                           "2|a|COMPLETED|00:01:00|||\n2.0|a|COMPLETED|00:01:00|1G|4|cpu=00:02:00,mem=2.5G\n");
    REQUIRE(jobs.all.size() == 2);
    CHECK(jobs.attempt(0).profile.memory_peak == 4_GiB);
    CHECK(jobs.attempt(1).profile.memory_peak == 2_GiB + 512_MiB);
    CHECK(jobs.attempt(1).profile.cpu == 2min);
}

TEST_CASE("what was stopped at a limit says more than that, and so it is told") {
    const Read jobs = read_jobs(
        "1|a|u|OUT_OF_MEMORY|0:125||00:01:00||4G|1|1|||\n1.batch|batch||OUT_OF_MEMORY|0:125||00:01:00||||1|3900M|1|\n"
        "2|a|u|TIMEOUT|0:0||01:00:00|01:00:00|4G|1|1|||\n2.batch|batch||CANCELLED|0:15||01:00:00||||1|1G|1|\n"
        "3|a|u|FAILED|1:0||00:01:00||4G|1|1|||\n3.0|x||OUT_OF_MEMORY|0:125||00:01:00||||1|3G|1|\n"
        "4|a|u|FAILED|2:0||00:01:00||4G|1|1|||\n");
    REQUIRE(jobs.all.size() == 4);
    CHECK(jobs.attempt(0).outcome->ending == Ending::out_of_memory);
    CHECK(jobs.attempt(0).reserved.memory == 4_GiB);
    CHECK(jobs.attempt(1).outcome->ending == Ending::timeout);
    CHECK(jobs.attempt(2).outcome->ending == Ending::out_of_memory);
    CHECK(*jobs.attempt(3).outcome == Outcome{.ending = Ending::exit, .code = 2, .detail = ""});
    CHECK(jobs.account.notes.at("ran out of memory: they needed more than they had").count == 2);
}

TEST_CASE("what says nothing is skipped, with reason and place") {
    const Read jobs = read_jobs(
        "1|a|u|RUNNING|0:0||00:01:00||4G|1|1|||\n1.batch|batch||RUNNING|0:0||00:01:00||||1||1|\n"
        "2_[1-9%3]|a|u|PENDING|0:0||00:00:00||4G|1|1|||\n"
        "3|a|u|CANCELLED by 1000|0:0||00:00:10||4G|1|1|||\n"
        "4|a|u|COMPLETED|0:0||00:00:00||4G|1|1|||\n"
        "5|a|u|COMPLETED|0:0||00:10:00||4G|8|2|||\n5.0|a||COMPLETED|0:0||00:10:00||||2|1G|8|\n"
        "6.batch|batch||COMPLETED|0:0||00:10:00||||1|1G|1|\n");
    CHECK(jobs.all.empty());
    CHECK(jobs.reasons() == Strings{"1 a step whose job has no row before it @dump.txt:9",
                                    "1 cancelled: says nothing about what it needed @dump.txt:5",
                                    "2 had not ended @dump.txt:2", "1 never ran @dump.txt:6",
                                    "1 ran on several nodes: what each of them held is not told @dump.txt:7"});
}

TEST_CASE("names may hold the separator") {
    const Read jobs =
        read_jobs("1|a|b|c|u|COMPLETED|0:0||00:01:00||4G|1|1|||\n1.batch|batch||COMPLETED|0:0||00:01:00||||1|1G|1|\n");
    REQUIRE(jobs.all.size() == 1);
    CHECK(jobs.attempt(0).task_name == "a|b|c[1]");
    CHECK(jobs.attempt(0).kind.workflow == "u");
    CHECK(jobs.attempt(0).profile.memory_peak == 1_GiB);
}

TEST_CASE("any separator, a closing one, and columns said apart are understood") {
    CHECK(read("sacct", "JobID;JobName;State;Elapsed;MaxRSS\n1;a;COMPLETED;00:01:00;1G\n").all.size() == 1);
    CHECK(read("sacct", "JobID|JobName|State|Elapsed|MaxRSS|\n1|a|COMPLETED|00:01:00|1G|\n").all.size() == 1);
    CHECK(
        read("sacct", "1|a|COMPLETED|00:01:00|1G\n", {.columns = "JobID,JobName%30,State,Elapsed,MaxRSS"}).all.size() ==
        1);
    CHECK(read("sacct", "1|a|COMPLETED|00:01:00|1G|\n", {.columns = "jobid,jobname,state,elapsed,maxrss"}).all.size() ==
          1);
    const Read joined = read("sacct",
                             "JobID|JobName|State|Elapsed|MaxRSS\n1|a|COMPLETED|00:01:00|1G\n"
                             "State|JobID|JobName|Elapsed|MaxRSS\nCOMPLETED|2|a|00:01:00|1G\n");
    CHECK(joined.all.size() == 2);
}

TEST_CASE("a job is the same job in every dump, a requeued one is another") {
    const std::string row = "1|a|u|COMPLETED|0:0|2026-01-02T03:04:05|00:01:00||4G|1|1|1G||\n";
    const std::string again = "1|a|u|COMPLETED|0:0|2026-01-02T05:04:05|00:01:00||4G|1|1|1G||\n";
    const Read twice = read_jobs(row + row + again);
    CHECK(twice.account.taken == 2);
    CHECK(twice.account.known == 1);
    const Read other =
        read("sacct", "JobID|Start|JobName|State|Elapsed|MaxRSS\n1|2026-01-02T03:04:05|a|COMPLETED|00:01:00|1024M\n");
    CHECK(other.all.at(0).identity == twice.all.at(0).identity);
}

TEST_CASE("a row that cannot be read is told with its place, the reason and what would be right") {
    const Read jobs =
        read_jobs("1|a|u|COMPLETED|0:0||00:01:00||4G|1|1|12Q||\nx|a|u|COMPLETED|0:0||00:01:00||4G|1|1|1K||\n2|a\n");
    CHECK(jobs.account.unreadable == 3);
    REQUIRE(jobs.account.problems.size() == 3);
    CHECK(jobs.account.problems[0] == "dump.txt:2:39: '12Q' is no amount of memory; sacct writes 1234K, 12.3M or 1G");
    CHECK(jobs.account.problems[1].starts_with("dump.txt:3:1: 'x' is no job's id"));
    CHECK(jobs.account.problems[2].starts_with("dump.txt:4:4: 2 fields where the header names 14"));
}

TEST_CASE("what is no dump of sacct -P says how to make one") {
    const auto said = [](std::string_view text) { return read("sacct", text).error; };
    CHECK(said("").starts_with("dump.txt:1:1: the file is empty"));
    CHECK(said("7|COMPLETED|00:01:00\n").find("--format") != std::string::npos);
    CHECK(said("JobID  JobName State\n------ ----- ----\n").find("sacct -P") != std::string::npos);
    CHECK(said("JobID|JobName|State|Elapsed\n").find("no column MaxRSS") != std::string::npos);
    CHECK(said("{\"jobs\": []}\n").find("JSON") != std::string::npos);
}

TEST_CASE("jobs of Snakemake are known by their rule, jobs of Nextflow by their process") {
    const Read jobs = read("sacct",
                           "JobID|JobName|Comment|State|Elapsed|MaxRSS\n"
                           "1|0f8e4d1c-7e1a-4c1e-9c53-2f1d6a1b2c3d|rule_align_wildcards_s1|COMPLETED|00:01:00|1G\n"
                           "2|nf-RNASEQ_ALIGN_(s1)||COMPLETED|00:01:00|1G\n");
    REQUIRE(jobs.all.size() == 2);
    CHECK(jobs.attempt(0).kind.step == "align");
    CHECK(jobs.attempt(1).kind.step == "RNASEQ_ALIGN");
}
