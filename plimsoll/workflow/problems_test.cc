// SPDX-License-Identifier: Apache-2.0
// What users read when their file is wrong: the text in, the whole list out.
#include <doctest/doctest.h>

#include "tests/workflow_world.h"

using namespace plimsoll;
using namespace plimsoll::workflow;

namespace {

std::string told(std::string_view text, std::vector<std::string> files = {}, LoadOptions options = {}) {
    return problems_of(load_in_world(text, std::move(files), std::move(options)));
}

}  // namespace

TEST_CASE("all problems are told at once, in the order of the file, with place, reason and remedy") {
    CHECK(told(R"(nmae: x
params: {depth: 30, tags: [a, b]}
steps:
  align:
    scatter: {read: [s1, s2]}
    inputs: {read: "reads/{raed}.fq"}
    outputs: "{read}.bam"
    comand: bwa mem
    request: {memory: 3gigs, cpus: 2}
    timeout: soon
  call:
    inputs: "{steps.algin.outputs}"
    outputs: all.vcf
    command: call {input} {outptu}
    retry: {faliure: 1, timeout: -1}
    needs: [aling]
)") == R"(flow.yaml:1:1: unknown key 'nmae' in a workflow; did you mean 'name'?
flow.yaml:2:27: the parameter 'tags' must be a single value, not a list; a list of files goes under 'inputs', a list to run over under 'scatter'
flow.yaml:4:3: step 'align' has no command; write what it runs under 'command'
flow.yaml:8:5: unknown key 'comand' in step 'align'; did you mean 'command'?
flow.yaml:9:23: unknown unit 'gigs' in '3gigs'; use B, KiB, MiB, GiB or TiB
flow.yaml:9:30: unknown key 'cpus' in 'request'; did you mean 'cpu'?
flow.yaml:10:14: 'soon' is not a time; write a number and ms, s, min, h or days
flow.yaml:12:14: no step 'algin'; did you mean 'align'?
flow.yaml:14:27: unknown placeholder '{outptu}' in the command; did you mean '{output}'? (for literal braces write {{outptu}})
flow.yaml:15:13: unknown key 'faliure' in 'retry'; did you mean 'failure'?
flow.yaml:15:34: '-1' is not a number from 0 to 100; write one for 'timeout'
flow.yaml:16:13: no step 'aling'; did you mean 'align'?
)");
}

TEST_CASE("a limit that cannot be is told with the nearest that can") {
    CHECK(told("steps: {a: {command: make, limit: {cpu: qouta, disk_raed: 1MiB, disk_write: 0}}}") ==
          "flow.yaml:1:41: 'qouta' is no way to hold a task to its cores; did you mean 'quota'?\n"
          "flow.yaml:1:48: unknown key 'disk_raed' in 'limit'; did you mean 'disk_read'?\n"
          "flow.yaml:1:77: '0' lets nothing through; write bytes per second, as 50MiB, or take it away\n");
}

TEST_CASE("a checkpoint needs a command, and times that are some") {
    CHECK(told("steps: {a: {command: make, checkpoint: {within: soon}}}") ==
          "flow.yaml:1:40: 'checkpoint' has no command; write {command: kill -USR1 $PLIMSOLL_PID}\n"
          "flow.yaml:1:49: 'soon' is not a time; write a number and ms, s, min, h or days\n");
    CHECK(told("steps: {a: {command: make, checkpoint: {comand: save}}}").find("did you mean 'command'?") !=
          std::string::npos);
    CHECK(told("steps: {a: {command: make, checkpoint: save}}").empty());
}

TEST_CASE("a file that is not a workflow is told so") {
    CHECK(told("") == "flow.yaml:1:1: an empty file; write at least: steps: {hello: {command: echo hello}}\n");
    CHECK(told("hello") ==
          "flow.yaml:1:1: a workflow must be a map of keys, not text; known keys are name, params, inputs, env, "
          "secrets, defaults, steps\n");
    CHECK(told("name: x") ==
          "flow.yaml:1:1: no 'steps'; a workflow needs at least one: steps: {hello: {command: echo hello}}\n");
    CHECK(told("steps:") == "flow.yaml:1:1: 'steps' has no value; give it one, or take the key away\n");
    CHECK(told("steps: [a]") ==
          "flow.yaml:1:8: 'steps' must be a map of steps by name, not a list; write NAME: {command: ...}\n");
    CHECK(told("steps: {a: {command: ls}}\n---\nsteps: {}") ==
          "flow.yaml:3:1: a second document ('---'); write one workflow a file\n");
}

TEST_CASE("YAML mistakes are told by what the user did") {
    CHECK(told("steps:\n  a:\n    command: echo a: b\n") ==
          "flow.yaml:3:20: a ': ' within a value, or a key that is indented too far; quote the value, write it as a "
          "block (|), or indent keys alike\n");
    CHECK(told("steps:\n  a:\n    command: {tool} x\n") ==
          "flow.yaml:3:21: this does not continue the map above; indent the keys of a map alike, and quote a value "
          "that begins with '{' or '['\n");
    CHECK(told("steps:\n  a:\n    command: {tool}\n") ==
          "flow.yaml:3:14: 'command' begins with '{', which is a map to YAML; quote it: \"{tool}\"\n");
    CHECK(told("steps:\n\ta: {command: ls}\n") == "flow.yaml:2:1: a tab in the indentation; indent with blanks\n");
    CHECK(told("steps: {a: {command: 'ls}}\n") ==
          "flow.yaml:2:1: '{' without its '}', or a quote that is not closed; close it, or quote the value if the "
          "brace is part of it\n");
    CHECK(told("steps: {a: {command: ls, command: pwd}}") ==
          "flow.yaml:1:26: the key 'command' stands here a second time, first on line 1; remove one of them\n");
    CHECK(told("steps: {a: {command: *x}}") ==
          "flow.yaml:1:22: an alias (*) without its anchor (&); define the anchor above, or quote a value that begins "
          "with '*'\n");
}

TEST_CASE("circles are drawn") {
    CHECK(told(R"(steps:
  a: {inputs: z, outputs: x, command: make x}
  b: {inputs: x, outputs: y, command: make y}
  c: {inputs: y, outputs: z, command: make z}
  d: {inputs: e, outputs: e, command: make e}
  f: {command: make f, needs: f}
)") == R"(flow.yaml:2:3: a circle of needs: a -> b -> c -> a; take one of these inputs or 'needs' away
flow.yaml:5:3: 'd' needs itself: d -> d; it cannot read what it makes, nor name itself under 'needs'
flow.yaml:6:3: 'f' needs itself: f -> f; it cannot read what it makes, nor name itself under 'needs'
)");
    CHECK(told(R"(steps:
  a: {scatter: {x: "{steps.b.outputs}"}, outputs: "a/{x.name}", command: make a}
  b: {scatter: {x: "{steps.a.outputs}"}, outputs: "b/{x.name}", command: make b}
)") == "flow.yaml:2:3: the steps name each other in a circle: a -> b -> a; in one of them, name a path instead of "
       "{steps...}\n");
    CHECK(told(R"(steps:
  a:
    scatter: [{to: 1, from: 2}, {to: 2, from: 1}]
    inputs: "{from}"
    outputs: "{to}"
    command: make
)") == "flow.yaml:2:3: a circle of needs: a[1,2] -> a[2,1] -> a[1,2]; take one of these inputs or 'needs' away\n");
}

TEST_CASE("two makers of one file are told, and how to tell them apart") {
    CHECK(told(R"(steps:
  a: {outputs: x, command: make x}
  b: {outputs: {log: b.log, x: ./x}, command: make x}
  c: {scatter: {n: {range: [1, 5]}}, outputs: c.txt, command: make c}
  d: {outputs: out, command: make d}
  e: {outputs: out/e, command: make e}
)") == R"(flow.yaml:3:32: 'x' is an output of both 'a' and 'b'; give each a path of its own
flow.yaml:4:47: 'c.txt' is an output of both 'c[1]' and 'c[2]'; put a scatter variable into the path, such as {n}
flow.yaml:4:47: 'c.txt' is an output of both 'c[1]' and 'c[3]'; put a scatter variable into the path, such as {n}
flow.yaml:4:47: 'c.txt' is an output of both 'c[1]' and 'c[4]'; put a scatter variable into the path, such as {n} (and 1 more like this)
flow.yaml:6:16: 'out/e' lies within 'out', an output of 'd'; give it a place outside that folder
)");
}

TEST_CASE("missing inputs are told where they are named, once each") {
    CHECK(told(R"(inputs: {genome: ref.fa, reads: "reads/*.fq"}
steps:
  a: {inputs: ["{genome}", config.yml], outputs: results/a.txt, command: make}
  b: {inputs: ["{genome}", result/a.txt], command: make}
  c: {inputs: "logs/*.log", command: make}
)") == R"(flow.yaml:1:33: no file matches 'reads/*.fq' in /w; correct the pattern, or put the files there
flow.yaml:5:15: no step's output and no file in /w matches 'logs/*.log'; correct the pattern, or put the files there
)");
    CHECK(told(R"(inputs: {genome: ref.fa}
steps:
  a: {inputs: ["{genome}", config.yml], outputs: results/a.txt, command: make}
  b: {inputs: ["{genome}", result/a.txt], command: make}
)") == R"(flow.yaml:1:18: the input 'ref.fa' is not there, and no step makes it; put the file there, or correct the path
flow.yaml:3:28: the input 'config.yml' of 'a' is not there, and no step makes it; put the file there, or correct the path
flow.yaml:4:28: the input 'result/a.txt' of 'b' is not there, and no step makes it; did you mean 'results/a.txt'?
)");
    CHECK(told("inputs: {genome: ref.fa}\nsteps: {a: {inputs: \"{genome}\", command: make}}", {},
               {.inputs_must_exist = false}) == "");
}

TEST_CASE("a parameter with a name of Plimsoll's own is told once, not again where it is used") {
    CHECK(told("params: {memory: 5GiB}\nsteps: {a: {request: {memory: \"{memory}\"}, command: \"run {memory}\"}}") ==
          "flow.yaml:1:10: 'memory' is a name of Plimsoll's own; give a parameter another name\n");
}

TEST_CASE("placeholders that are not known here are told with what to write") {
    CHECK(told(R"(params: {depth: 3}
secrets: [TOKEN]
steps:
  a:
    scatter: {s: [x, y]}
    outputs: {bam: "{s}.bam"}
    command: |
      run {detph} {s.nmae} {output.bma}
      curl -H {TOKEN} {TOKEN}
      awk '{print}' {input} {steps.b.outputs} {s:q} {word:word}
    env: {S: "{s}"}
    workdir: "{cpu}"
)") == R"(flow.yaml:8:11: unknown placeholder '{detph}' in the command; did you mean '{depth}'? (for literal braces write {{detph}})
flow.yaml:8:19: '{s.nmae}' has no 'nmae'; did you mean 'name'?
flow.yaml:8:28: '{output.bma}' has no 'bma'; did you mean 'bam'?
flow.yaml:9:15: 'TOKEN' is a secret, whose value stays out of workflow and history; write "$TOKEN" in the command
flow.yaml:9:23: 'TOKEN' is a secret, whose value stays out of workflow and history; write "$TOKEN" in the command
flow.yaml:10:12: unknown placeholder '{print}' in the command; declare it under 'params', 'inputs' or 'scatter' (for literal braces write {{print}})
flow.yaml:10:21: '{input}', but the step has no inputs; declare them under 'inputs'
flow.yaml:10:29: '{steps...}' stands under 'inputs' and 'scatter' only; declare the file under 'inputs' and use {input.NAME}
flow.yaml:10:47: unknown modifier ':q'; words are quoted for the shell without one, and ':raw' leaves them as they are
flow.yaml:11:15: unknown placeholder '{s}' in the variable 'S', which all tasks of a step share; declare it under 'params' or 'inputs' of the workflow, or use it in the command (for literal braces write {{s}})
flow.yaml:12:15: '{cpu}' is not known in 'workdir', which all tasks of a step share, but only in commands, when a task starts; use it there
)");
}

TEST_CASE("a word that needs quotes is refused within quotes") {
    CHECK(told(R"(steps:
  a:
    scatter: {s: [plain, "two words"]}
    command: echo "{s}" {s} '{s:raw}'
)") == "flow.yaml:4:20: '{s}' is \"two words\", which is quoted for the shell, but stands within quotes; take the "
       "quotes around it away, or write "
       "':raw' if they protect it\n");
}

TEST_CASE("a request beyond the machine is told with what there is") {
    const LoadOptions small{.overrides = {}, .machine = parse_resources("cpu=2 memory=4GiB").value(), .files = {}};
    CHECK(
        told(R"(defaults: {request: {memory: 8GiB}}
steps:
  a: {command: make, request: {cpu: 4, memory: 1GiB}}
  b: {command: make, request: {gpu: 1, disk: 10TiB}}
)",
             {}, small) ==
        R"(flow.yaml:1:30: step 'b' asks for 8.00 GiB of memory, but a run on this machine can hold 4.00 GiB at the most; ask for less, or run it on a larger machine
flow.yaml:3:37: step 'a' asks for 4 cores, but a run on this machine can hold 2 at the most; ask for less, or run it on a larger machine
flow.yaml:4:37: step 'b' asks for 1 GPU, but a run on this machine can hold 0 at the most; ask for less, or run it on a larger machine
)");
}

TEST_CASE("overrides that name nothing are told") {
    LoadOptions options;
    options.overrides = {"detph=5", "depth", "=5", "depth=7"};
    CHECK(told("params: {depth: 3}\nsteps: {a: {command: \"echo {depth}\"}}", {}, options) ==
          R"(--set depth: no value; write --set NAME=VALUE
--set =5: no value; write --set NAME=VALUE
--set detph=5: no parameter or input 'detph'; did you mean 'depth'?
)");
}

TEST_CASE("scatters that give nothing, too much or the same twice are told") {
    LoadOptions few;
    few.tasks_max = 1000;
    CHECK(told(R"(inputs: {reads: [a, b]}
steps:
  a: {scatter: {x: []}, command: make}
  b: {scatter: {x: {range: [5, 1]}}, command: make}
  c: {scatter: {x: {range: [1, 2000]}}, command: make}
  d: {scatter: {x: {range: [1, 100]}, y: {range: [1, 100]}}, command: make}
  e: {scatter: {x: [u, v, u]}, command: make}
  f: {scatter: {reads: [1]}, command: make}
  g: {scatter: {input: [1]}, command: make}
  h: {scatter: [{x: 1}, {y: 2}], command: make}
  i: {scatter: {x: {fiels: "*"}}, command: make}
  j: {scatter: {x: {range: [1, many]}}, command: make}
)",
               {"a", "b"}, few) == R"(flow.yaml:3:20: 'x' has no values, so the step would have no tasks; list some
flow.yaml:4:28: the range from 5 to 1 in steps of 1 is empty; both ends are included, so write the smaller first or a negative step
flow.yaml:5:20: more than 1000 tasks; give each task more to do
flow.yaml:6:16: more than 1000 tasks in the matrix; scatter over fewer values
flow.yaml:7:16: the scatter gives 'e[u]' twice; take one of the equal values away
flow.yaml:8:17: 'reads' already means something else (a parameter or an input of the workflow); give the scatter variable another name
flow.yaml:9:17: 'input' already means something else (it is a name of Plimsoll's own); give the scatter variable another name
flow.yaml:10:25: this row has other variables than the first; give all rows the same
flow.yaml:11:21: unknown key 'fiels' in scatter over 'x'; did you mean 'files'?
flow.yaml:12:32: 'many' is not a whole number; write [first, last] or [first, last, step]
)");
}

// The rows stand once in the file and are wrong in both steps; only the first use tells so.
TEST_CASE("a scatter over a lone pattern is told how to scatter over the files") {
    CHECK(told("steps: {a: {scatter: {read: \"*.fq\"}, command: \"echo {read}\"}}", {"s1.fq", "s2.fq"}) ==
          "flow.yaml:1:29: '*.fq' would be one value, not the files that match; write read: {files: \"*.fq\"}, or for "
          "the text itself a row: [{read: \"*.fq\"}]\n");
    CHECK(told("steps: {a: {scatter: [{read: \"*.fq\"}], command: \"echo {read}\"}}").empty());
}

TEST_CASE("a wrong scatter that two steps share by an alias makes tasks of neither") {
    CHECK(told(R"(steps:
  a: {scatter: &rows [{x: 1}, {y: 2}], outputs: "a{x}", command: "touch {output}"}
  b: {scatter: *rows, outputs: "b{x}", command: "touch {output}"}
)") == "flow.yaml:2:31: this row has other variables than the first; give all rows the same\n");
}
