// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/load.h"

#include <doctest/doctest.h>

#include "tests/workflow_world.h"

using namespace plimsoll;
using namespace plimsoll::workflow;

namespace {

constexpr std::string_view variants = R"(name: variants
params: {depth: 30, tag: demo}
inputs:
  genome: data/ecoli.fa
  reads: data/reads/*.fq
env: {LC_ALL: C}
secrets: [API_TOKEN]
defaults: {retry: 1, request: {cpu: 1}}
steps:
  index:
    inputs: "{genome}"
    outputs: {index: "results/ref.fa.bwt"}
    command: bwa index -p results/ref.fa {input}
    request: {cpu: 2, memory: 3GiB, time: 1h, disk: 1GiB, gpu: 0}
  align:
    scatter: {read: "{reads}"}
    inputs: {read: "{read}", index: "{steps.index.outputs.index}"}
    outputs: {bam: "results/{read.stem}.bam"}
    temporary: [bam]
    command: bwa mem -t {cpu} -K {memory.mib} results/ref.fa {input.read} | samtools sort -o {output.bam} -
    retry: {failure: 0, out_of_memory: 3, timeout: 2}
    timeout: 1h
    priority: 1
    deadline: 2h
    queue: night
    env: {X: "1"}
  merge:
    inputs: {bams: "{steps.align.outputs.bam}"}
    outputs: results/all.vcf
    command: bcftools mpileup --depth {depth} {input} > {output}
)";

}  // namespace

TEST_CASE("a workflow becomes tasks with their files, needs and commands") {
    const Loaded loaded = load_in_world(variants, {"data/ecoli.fa", "data/reads/s 2.fq", "data/reads/s1.fq"});
    CHECK(drawn(loaded) ==
          "index: data/ecoli.fa -> results/ref.fa.bwt | bwa index -p results/ref.fa data/ecoli.fa\n"
          "align[s 2] (0): data/reads/s 2.fq results/ref.fa.bwt -> results/s 2.bam! | bwa mem -t 2 -K 3072 results/ref.fa 'data/reads/s 2.fq'"
          " | samtools sort -o 'results/s 2.bam' -\n"
          "align[s1] (0): data/reads/s1.fq results/ref.fa.bwt -> results/s1.bam! | bwa mem -t 2 -K 3072 results/ref.fa data/reads/s1.fq"
          " | samtools sort -o results/s1.bam -\n"
          "merge (1 2): results/s 2.bam results/s1.bam -> results/all.vcf | bcftools mpileup --depth 30 'results/s 2.bam' results/s1.bam"
          " > results/all.vcf\n");
}

TEST_CASE("a step's settings are its own over the defaults") {
    const Loaded loaded = load_in_world(variants, {"data/ecoli.fa", "data/reads/s1.fq"});
    REQUIRE(loaded.workflow.steps.size() == 3);
    const Step& index = loaded.workflow.steps[0];
    CHECK(index.kind == TaskKind{"variants", "index", "bwa index"});
    CHECK(index.request == Request{.cpu = 2_cores, .memory = 3_GiB, .time = std::chrono::hours(1), .disk = 1_GiB, .gpu = 0});
    CHECK(index.retry == Retry{.on_out_of_memory = 3, .on_timeout = 1, .on_failure = 1});
    CHECK(index.shell == "");
    CHECK(index.secrets == std::vector<std::string>{"API_TOKEN"});
    const Step& align = loaded.workflow.steps[1];
    CHECK(align.kind.tool == "bwa mem");
    CHECK(align.request == Request{.cpu = 1_cores, .memory = {}, .time = {}, .disk = {}, .gpu = {}});
    CHECK(align.retry == Retry{.on_out_of_memory = 3, .on_timeout = 2, .on_failure = 0});
    CHECK(align.timeout == std::chrono::hours(1));
    CHECK(align.deadline == std::chrono::hours(2));
    CHECK(align.priority == 1);
    CHECK(align.queue == "night");
    CHECK(align.env == std::map<std::string, std::string>{{"LC_ALL", "C"}, {"X", "1"}});
    CHECK(align.shell == "bash -euo pipefail -c");
    CHECK(align.uses_cpu_slot);
    CHECK_FALSE(index.uses_cpu_slot);
    CHECK(loaded.tasks[1].step == &align);
    CHECK(loaded.tasks[1].bindings == std::vector<std::pair<std::string, std::string>>{{"read", "data/reads/s1.fq"}});
}
