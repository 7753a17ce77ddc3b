// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "plimsoll/simulate/traces/openb.h"
#include "plimsoll/simulate/traces/swf.h"
#include "plimsoll/simulate/traces/wfinstances.h"

using namespace plimsoll;
using namespace plimsoll::simulate;

namespace {

exchange::Lines lines(std::string_view text) { return {exchange::pieces_of(text), "trace"}; }

template <class Value>
std::string why(const Result<Value>& result) {
    return result ? "" : result.error().message;
}

}  // namespace

TEST_CASE("SWF: a job a line, the machine's size in the comments") {
    exchange::Lines text = lines(
        "; MaxNodes: 128\n;MaxProcs: 256 processors\n\n"
        "  7 100 -1 60.5 4 -1 512 8 3600 -1 1 17 -1 -1 2 -1 6 -1\n");
    const SwfTrace trace = read_swf(text).value();
    CHECK(trace.processors == 256);
    REQUIRE(trace.jobs.size() == 1);
    CHECK(trace.jobs[0] == SwfJob{.id = 7,
                                  .submit_s = 100,
                                  .run_s = 60.5,
                                  .allocated = 4,
                                  .memory_kib = 512,
                                  .requested = 8,
                                  .requested_s = 3600,
                                  .status = 1,
                                  .user = 17,
                                  .queue = 2,
                                  .preceding = 6});
}

TEST_CASE("SWF: nodes stand in where no processors are named, and nothing is guessed") {
    exchange::Lines nodes = lines("; MaxNodes: 128\n");
    CHECK(read_swf(nodes)->processors == 128);
    exchange::Lines neither = lines("; MaxProcs: unknown\n; MaxJobs: 5\n");
    CHECK(read_swf(neither)->processors == std::nullopt);
}

TEST_CASE("SWF: what is no job is told with its place") {
    exchange::Lines word = lines("1 2 -1 x 4 -1 -1 -1 -1 -1 1 -1 -1 -1 0 -1 -1 -1\n");
    CHECK(why(read_swf(word)) ==
          "trace:1:8: 'x' is not a number; a job of SWF is a line of 18 numbers, -1 where one is not known");
    exchange::Lines cut = lines("; a\n1 2 3\n");
    CHECK(why(read_swf(cut)) == "trace:2: 3 numbers; a job of SWF is a line of 18, -1 where one is not known");
}

TEST_CASE("openb: nodes and pods by the names of their columns") {
    exchange::Lines node_text = lines("model,sn,cpu_milli,memory_mib,gpu\nT4,node-1,64000,262144,2\n");
    const auto nodes = read_openb_nodes(node_text).value();
    REQUIRE(nodes.size() == 1);
    CHECK((nodes[0].name == "node-1" && nodes[0].model == "T4"));
    CHECK((nodes[0].cpu_milli == 64000 && nodes[0].memory_mib == 262144 && nodes[0].gpus == 2));
    exchange::Lines pod_text = lines(
        "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,creation_time,deletion_time\n"
        "pod-1,6000,12288,1,460,V100M16|T4,LS,427061,\n");
    const auto pods = read_openb_pods(pod_text).value();
    REQUIRE(pods.size() == 1);
    CHECK((pods[0].gpus == 1 && pods[0].gpu_milli == 460 && pods[0].created_s == 427061 && pods[0].deleted_s == 0));
    CHECK(pods[0].models == std::vector<std::string>{"V100M16", "T4"});
}

TEST_CASE("openb: a column that is not there and a row that is no node are told") {
    exchange::Lines header = lines("sn,cpu\n");
    CHECK(why(read_openb_nodes(header)) == "trace: no column 'cpu_milli'; there are sn, cpu");
    exchange::Lines row = lines("sn,cpu_milli,memory_mib,gpu,model\nn,64000,,2,T4\n");
    CHECK(why(read_openb_nodes(row)) == "trace:2:9: no memory_mib; each row needs one");
    exchange::Lines number = lines("sn,cpu_milli,memory_mib,gpu,model\nn,many,1,2,T4\n");
    CHECK(why(read_openb_nodes(number)) ==
          "trace:2:3: 'many' is not an amount of cpu_milli; write a number of 0 or more");
}

// Rows 0 and 1 of b need each other's results in the wrong order: 0 needs 1.
TEST_CASE("WfInstances: a graph a file, each task after those it needs, what was not measured absent") {
    exchange::Lines text = lines(
        "file,task_type,task_id,runtime_s,cores,memory_bytes,in_bytes,parents\n"
        "a,x,x1,5,,,,\n"
        "b,last,l1,1,2,1000,7,1\n"
        "b,first,f1,3,,,,\n");
    const std::vector<WfDag> dags = read_wfinstances(text).value();
    REQUIRE(dags.size() == 2);
    CHECK(dags[0].file == "a");
    REQUIRE(dags[1].tasks.size() == 2);
    const WfTask &first = dags[1].tasks[0], &last = dags[1].tasks[1];
    CHECK((first.id == "f1" && first.parents.empty() && !first.cores && !first.memory_bytes));
    CHECK((last.id == "l1" && last.parents == std::vector<std::size_t>{0}));
    CHECK((last.cores == 2 && last.memory_bytes == 1000 && last.input_bytes == 7 && last.runtime_s == 1));
}

TEST_CASE("WfInstances: a circle and a parent that is not there are told") {
    constexpr std::string_view header = "file,task_type,task_id,runtime_s,cores,memory_bytes,in_bytes,parents\n";
    const std::string circular = std::string(header) + "a,x,x1,5,,,,1\na,x,x2,5,,,,0\n";
    exchange::Lines circle = lines(circular);
    CHECK(why(read_wfinstances(circle)).ends_with("tasks of a need each other in a circle"));
    const std::string broken = std::string(header) + "a,x,x1,5,,,,4\n";
    exchange::Lines missing = lines(broken);
    CHECK(why(read_wfinstances(missing)) == "trace: 'x1' of a needs row 4, but there are 1 rows");
}
