// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/advise/snippets.h"

#include <doctest/doctest.h>

using namespace plimsoll;
using namespace plimsoll::advise;
using namespace std::chrono_literals;

namespace {

std::vector<KindAdvice> samples() {
    KindAdvice align;
    align.kind = {.workflow = "rna", .step = "RNASEQ:ALIGN", .tool = ""};
    align.attempts = align.finished = 142;
    align.memory = MemoryAdvice{.requested = 16_GiB, .largest = 790_MiB, .advised = 832_MiB};
    align.cpu = CpuAdvice{.requested = 8_cores, .typical = 1.9, .advised = 2};
    align.time = TimeAdvice{.advised = 26h};
    KindAdvice rare;
    rare.kind.step = "rare";
    rare.finished = 1;
    rare.memory = MemoryAdvice{.advised = 1_GiB};
    return {align, rare};
}

}  // namespace

TEST_CASE("advice becomes a Nextflow configuration") {
    CHECK(nextflow_config(samples()) == R"(process {
    errorStrategy = { task.exitStatus in 137..140 ? 'retry' : 'finish' }
    maxRetries = 3
    withName: 'RNASEQ:ALIGN' {  // 142 tasks, largest 790 MiB, asked for 16.0 GiB
        cpus = 2
        memory = { 832.MB * task.attempt }
        time = { 1560.m * task.attempt }
    }
    // 1 more: fewer than 3 tasks finished, too few to advise on
}
)");
}

TEST_CASE("advice becomes a Snakemake profile") {
    CHECK(snakemake_profile(samples()) == R"(retries: 3
set-threads:
  'RNASEQ:ALIGN': 2
set-resources:
  'RNASEQ:ALIGN':  # 142 tasks, largest 790 MiB, asked for 16.0 GiB
    mem_mb: 832 * attempt
    runtime: 1560 * attempt
# 1 more: fewer than 3 tasks finished, too few to advise on
)");
}

TEST_CASE("advice becomes a profile of Snakemake 7, which knows lists and plain numbers") {
    CHECK(snakemake7_profile(samples()) == R"(set-threads:
  - 'RNASEQ:ALIGN=2'
set-resources:
  # RNASEQ:ALIGN: 142 tasks, largest 790 MiB, asked for 16.0 GiB
  - 'RNASEQ:ALIGN:mem_mb=832'
  - 'RNASEQ:ALIGN:runtime=1560'
# 1 more: fewer than 3 tasks finished, too few to advise on
)");
}

TEST_CASE("advice becomes lines for sbatch") {
    CHECK(sbatch_lines(samples()) == R"(# RNASEQ:ALIGN: 142 tasks, largest 790 MiB, asked for 16.0 GiB
#SBATCH --mem=832M
#SBATCH --cpus-per-task=2
#SBATCH --time=1-02:00:00

# 1 more: fewer than 3 tasks finished, too few to advise on
)");
}

TEST_CASE("a name cannot break out of its quotes") {
    std::vector<KindAdvice> all = samples();
    all.front().kind.step = "a'b\n}";
    CHECK(nextflow_config(all).find(R"(withName: 'a\'b?}')") != std::string::npos);
    CHECK(snakemake_profile(all).find("'a''b?}':") != std::string::npos);
    CHECK(sbatch_lines(all).find("# a'b?}: 142") != std::string::npos);
}
