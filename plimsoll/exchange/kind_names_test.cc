// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/exchange/kind_names.h"

#include <doctest/doctest.h>

using namespace plimsoll;
using namespace plimsoll::exchange;

TEST_CASE("what tells one job from the next is taken off its name") {
    CHECK(kind_name("align_17") == "align_#");
    CHECK(kind_name("align-17.3") == "align-#");
    CHECK(kind_name("SRR1234567_trim") == "SRR#_trim");
    CHECK(kind_name("nf-RNASEQ_ALIGN_(s 1)") == "RNASEQ_ALIGN");
    CHECK(kind_name("snakejob.call.12.sh") == "call");
    CHECK(kind_name("bwa2_hg38") == "bwa2_hg38");
    CHECK(kind_name("0f8e4d1c-7e1a-4c1e-9c53-2f1d6a1b2c3d") != "");
    CHECK(kind_name("") == "");
}

TEST_CASE("groups, a known workflow's steps and a given workflow name the kind") {
    KindNames grouped({.groups = {"sample*"}});
    CHECK(grouped.kind_of_job("ana", "sampleA").step == "sample*");
    CHECK(grouped.kind_of_job("ana", "other").step == "other");
    const TaskKind align{.workflow = "rna", .step = "align", .tool = "bwa mem"};
    KindNames known({.as = {align}});
    CHECK(known.kind("x", "NFCORE:RNASEQ:ALIGN", "") == align);
    CHECK(known.kind("x", "SORT", "").workflow == "x");
    KindNames given({.workflow = "mine", .tool_of = [](std::string_view) { return "tool"; }});
    CHECK(given.kind("x", "sort", "samtools sort") == TaskKind{.workflow = "mine", .step = "sort", .tool = "tool"});
    CHECK(given.kind("x", "sort", "").tool == "");
}
