// SPDX-License-Identifier: Apache-2.0
// A hundred thousand tasks, read, expanded, linked and ordered: one scatter over a range; a chain of 1,000
// steps of 100 tasks each; and a gather of 100,000 files.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "plimsoll/workflow/load.h"

namespace {

using namespace plimsoll::workflow;

void load(benchmark::State& state, const std::string& text) {
    LoadOptions options;
    options.files = world_of({"reference.fa"});
    for (auto _ : state) {
        const Loaded loaded = load_workflow_text(text, "flow.yaml", "/w", options);
        if (!loaded.problems.empty() || loaded.tasks.empty())
            return state.SkipWithError(format(loaded.problems.front()).c_str());
        state.counters["tasks"] = static_cast<double>(loaded.tasks.size());
    }
}

void one_scatter(benchmark::State& state) {
    load(state, R"(params: {depth: 30}
steps:
  work:
    scatter: {i: {range: [1, 100000]}}
    inputs: {reference: reference.fa}
    outputs: {out: "results/{i}.txt"}
    command: work --threads {cpu} --depth {depth} --item {i} {input.reference} > {output.out}
)");
}
BENCHMARK(one_scatter)->Unit(benchmark::kMillisecond);

void thousand_steps(benchmark::State& state) {
    std::string text = "steps:\n";
    for (int i = 0; i < 1000; ++i)
        text += fmt::format(
            "  step{0}:\n    scatter: {{i: {{range: [1, 100]}}}}\n    inputs: {{in: \"{1}\"}}\n    outputs: {{out: "
            "\"results/{0}/{{i}}.txt\"}}\n"
            "    command: work --item {{i}} {{input.in}} > {{output.out}}\n    request: {{cpu: 1, memory: 1GiB}}\n",
            i, i == 0 ? "reference.fa" : fmt::format("results/{}/{{i}}.txt", i - 1));
    load(state, text);
}
BENCHMARK(thousand_steps)->Unit(benchmark::kMillisecond);

void gather(benchmark::State& state) {
    load(state, R"(steps:
  work: {scatter: {i: {range: [1, 100000]}}, outputs: "results/{i}.txt", command: "work {i} > {output}"}
  merge: {inputs: "results/*.txt", outputs: all, command: "merge results > {output}"}
)");
}
BENCHMARK(gather)->Unit(benchmark::kMillisecond);

}  // namespace
