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
          "align[s 2] (0): data/reads/s 2.fq results/ref.fa.bwt -> results/s 2.bam! | bwa mem -t 2 -K 3072 "
          "results/ref.fa 'data/reads/s 2.fq'"
          " | samtools sort -o 'results/s 2.bam' -\n"
          "align[s1] (0): data/reads/s1.fq results/ref.fa.bwt -> results/s1.bam! | bwa mem -t 2 -K 3072 results/ref.fa "
          "data/reads/s1.fq"
          " | samtools sort -o results/s1.bam -\n"
          "merge (1 2): results/s 2.bam results/s1.bam -> results/all.vcf | bcftools mpileup --depth 30 'results/s "
          "2.bam' results/s1.bam"
          " > results/all.vcf\n");
}

TEST_CASE("a step's limit goes over that of the defaults key by key") {
    const Loaded loaded = load_in_world(
        "defaults: {limit: {cpu: quota, disk_read: 50MiB}}\n"
        "steps: {a: {command: make, limit: {cpu: cpuset, disk_write: 20MiB/s}}, b: {command: make}}",
        {});
    REQUIRE(loaded.workflow.steps.size() == 2);
    CHECK(loaded.workflow.steps[0].limit ==
          StepLimit{.cpu_by = CpuLimit::cpuset, .disk_read = 50_MiB, .disk_write = 20_MiB});
    CHECK(loaded.workflow.steps[1].limit == StepLimit{.cpu_by = CpuLimit::quota, .disk_read = 50_MiB});
}

TEST_CASE("a step's settings are its own over the defaults") {
    const Loaded loaded = load_in_world(variants, {"data/ecoli.fa", "data/reads/s1.fq"});
    REQUIRE(loaded.workflow.steps.size() == 3);
    const Step& index = loaded.workflow.steps[0];
    CHECK(index.kind == TaskKind{"variants", "index", "bwa index"});
    CHECK(index.request ==
          Request{.cpu = 2_cores, .memory = 3_GiB, .time = std::chrono::hours(1), .disk = 1_GiB, .gpu = 0});
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
    CHECK(align.limit == StepLimit{});
    CHECK(align.env == std::map<std::string, std::string>{{"LC_ALL", "C"}, {"X", "1"}});
    CHECK(align.shell == "bash -euo pipefail -c");
    CHECK(align.uses_cpu_slot);
    CHECK_FALSE(index.uses_cpu_slot);
    CHECK(loaded.tasks[1].step == &align);
    CHECK(loaded.tasks[1].bindings == std::vector<std::pair<std::string, std::string>>{{"read", "data/reads/s1.fq"}});
}

TEST_CASE("a step's risk goes over that of the defaults, and none is none") {
    const Loaded loaded = load_in_world(
        "defaults: {risk: thrifty}\nsteps: {a: {command: make, risk: safe}, b: {command: make}, c: {command: make, "
        "risk: 2}}",
        {});
    REQUIRE(loaded.workflow.steps.size() == 3);
    CHECK(loaded.workflow.steps[0].risk == Risk{10});
    CHECK(loaded.workflow.steps[1].risk == Risk{0});
    CHECK(loaded.workflow.steps[2].risk == Risk{2});
    CHECK_FALSE(load_in_world("steps: {a: {command: make}}", {}).workflow.steps[0].risk);
}

TEST_CASE("a scatter runs over lists, files, ranges, matrices and rows") {
    CHECK(drawn(load_in_world(R"(steps:
  m: {scatter: {s: [a, b], t: {range: [08, 10, 2]}}, command: "run {s} {t}"}
  r: {scatter: [{s: x, n: 1}, {n: 2, s: y}], command: "run {s} {n}"}
  f: {scatter: {f: {files: "d/*.fq"}}, command: "run {f}"}
)",
                              {"d/u.fq", "d/v.fq"})) ==
          "m[a,08]: -> | run a 08\nm[a,10]: -> | run a 10\nm[b,08]: -> | run b 08\nm[b,10]: -> | run b 10\n"
          "r[x,1]: -> | run x 1\nr[y,2]: -> | run y 2\n"
          "f[u]: -> | run d/u.fq\nf[v]: -> | run d/v.fq\n");
}

TEST_CASE("paths of one stem keep their names apart, and odd values stay printable") {
    const Loaded loaded =
        load_in_world("steps: {a: {scatter: {p: [x/s.fq, y/s.fq, z/t.fq, \"u\\nv\"]}, command: \"run {p}\"}}");
    REQUIRE(loaded.tasks.size() == 4);
    CHECK(loaded.tasks[0].name == "a[x/s.fq]");
    CHECK(loaded.tasks[1].name == "a[y/s.fq]");
    CHECK(loaded.tasks[2].name == "a[t]");
    CHECK(loaded.tasks[3].name.starts_with("a[u_v~"));
}

TEST_CASE("makers are found by path, folder, pattern and name, in whatever order steps stand") {
    CHECK(drawn(load_in_world(R"(steps:
  last: {inputs: [out/deep/x, "chunk/7.fa", "./made//it", /w/made/it], outputs: end, command: "cat {input}"}
  chunks: {inputs: "{steps.split.outputs}", outputs: counts, command: "wc {input} > {output}"}
  folder: {outputs: out/, command: fill}
  split: {outputs: "chunk/*.fa", command: split}
  exact: {outputs: made/it, command: make, needs: folder}
)")) == "folder: -> out | fill\n"
        "split: -> chunk/*.fa | split\n"
        "exact (0): -> made/it | make\n"
        "last (0 1 2): out/deep/x chunk/7.fa made/it -> end | cat out/deep/x chunk/7.fa made/it made/it\n"
        "chunks (1): chunk/*.fa -> counts | wc chunk/*.fa > counts\n");
}

TEST_CASE("a pattern stands for declared outputs first, and for files on disk where there are none") {
    const Loaded loaded = load_in_world(R"(steps:
  make: {scatter: {i: [1, 2]}, outputs: "r/{i}.txt", command: make}
  both: {inputs: ["r/*.txt", "d/*.txt"], outputs: r/all.txt, command: "cat {input}"}
)",
                                        {"r/old.txt", "d/a.txt"});
    CHECK(loaded.tasks.back().inputs == std::vector<std::string>{"r/1.txt", "r/2.txt", "d/a.txt"});
}

TEST_CASE("parameters and inputs are replaced by name") {
    LoadOptions options;
    options.overrides = {"depth=50", "genome=other.fa"};
    CHECK(drawn(load_in_world("params: {depth: 3}\ninputs: {genome: ref.fa}\nsteps: {a: {inputs: \"{genome}\", "
                              "command: \"run {depth} {input}\"}}",
                              {"other.fa"}, options)) == "a: other.fa -> | run 50 other.fa\n");
}

TEST_CASE("with a folder of its own a command gets paths from the root") {
    CHECK(drawn(load_in_world(
              "steps: {a: {workdir: sub, inputs: x/y, outputs: z, command: \"run {input} {input.stem} {output}\"}}",
              {"x/y"})) == "a: x/y -> z | run /w/x/y y /w/z\n");
}

TEST_CASE("anchors, aliases and merge keys work, and cannot blow up") {
    const Loaded loaded =
        load_in_world("x-big: &big {request: {cpu: 1}, retry: 2}\nsteps: {a: {<<: *big, retry: 0, command: make}}");
    REQUIRE(problems_of(loaded) == "");
    CHECK(loaded.workflow.steps[0].request.cpu == 1_cores);
    CHECK(loaded.workflow.steps[0].retry.on_failure == 0);
    std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 12; ++i) {
        const std::string last = "*a" + std::to_string(i - 1);
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + last;
        for (int j = 1; j < 10; ++j) bomb += ", " + last;
        bomb += "]\n";
    }
    CHECK(problems_of(load_in_world(bomb)).find("too large once its aliases are written out") != std::string::npos);
    CHECK(problems_of(load_in_world("a: " + std::string(10'000, '['))).find("nested more than 64 deep") !=
          std::string::npos);
}

TEST_CASE("a simple command runs without a shell, any other so that no failure in a pipe is missed") {
    const Loaded loaded = load_in_world(R"(defaults: {env: {A: "1"}}
steps:
  a: {command: make all}
  b: {command: make | tee log}
  c: {command: make all, shell: sh -c}
)");
    CHECK(loaded.workflow.steps[0].shell == "");
    CHECK(loaded.workflow.steps[1].shell == "bash -euo pipefail -c");
    CHECK(loaded.workflow.steps[2].shell == "sh -c");
}
