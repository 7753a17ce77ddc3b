// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/tool_name.h"

#include <doctest/doctest.h>

using namespace plimsoll::workflow;

TEST_CASE("the tool is the first real program and its subcommand") {
    CHECK(tool_name("bwa mem -t 4 ref.fa reads.fq | samtools sort -o x.bam -") == "bwa mem");
    CHECK(tool_name("/opt/bin/samtools sort -m 1G x.bam") == "samtools sort");
    CHECK(tool_name("fastqc --threads 2 x.fq") == "fastqc");
    CHECK(tool_name("sort names") == "sort");
    CHECK(tool_name("gatk \\\n  HaplotypeCaller -I x") == "gatk HaplotypeCaller");
}

TEST_CASE("preparations, wrappers and companions are passed over") {
    CHECK(tool_name("set -e; cd work && mkdir -p out\nA=1 time -p nice -n 5 bwa index x.fa") == "bwa index");
    CHECK(tool_name("timeout 5m env X=1 bcftools call -mv") == "bcftools call");
    CHECK(tool_name("cat a b | bowtie2 -x ref -") == "bowtie2");
    CHECK(tool_name("echo start; (freebayes -f ref.fa x.bam)") == "freebayes");
    CHECK(tool_name("for f in *.fq; do fastqc $f; done") == "fastqc");
    CHECK(tool_name("if [ -e x ]; then exit 0; fi; make_it all") == "make_it all");
    CHECK(tool_name("# bwa mem\nminimap2 -a ref.fa x") == "minimap2");
}

TEST_CASE("an interpreter goes by its script") {
    CHECK(tool_name("python3 -u scripts/plot.py --in x") == "python3 plot.py");
    CHECK(tool_name("python -c 'print(1)'") == "python");
    CHECK(tool_name("Rscript fit.R") == "Rscript fit.R");
}

TEST_CASE("a companion is told where it is alone, and nothing where there is nothing") {
    CHECK(tool_name("echo hello > x") == "echo");
    CHECK(tool_name("$TOOL run") == "");
    CHECK(tool_name("cd x") == "");
    CHECK(tool_name("") == "");
}
