// SPDX-License-Identifier: Apache-2.0
// What the workspace costs the loop for each task: a scatter of N tasks with one input and one output each.
// Claims: examine below 10 us of CPU a file looked at; a task without files costs next to nothing.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <fmt/format.h>

#include <filesystem>

#include "plimsoll/base/file.h"
#include "plimsoll/workflow/file_workspace.h"
#include "tests/temporary_folder.h"

using namespace plimsoll;

namespace {

struct Scatter {
    tests::TemporaryFolder folder;
    MachineClock clock;
    Step step{};
    std::vector<Task> tasks;
    std::unique_ptr<workflow::FileWorkspace> workspace;

    Scatter(int count, bool with_files) {
        step.env["LC_ALL"] = "C";
        std::filesystem::create_directories(folder / "in");
        for (int at = 0; at < count; ++at) tasks.push_back(task(static_cast<TaskId>(at), with_files));
        open({});
    }
    Task task(TaskId id, bool with_files) const {
        Task made{.id = id,
                  .step = &step,
                  .name = fmt::format("align[sample_{:06}]", id),
                  .bindings = {},
                  .inputs = {},
                  .outputs = {},
                  .needs = {},
                  .command = {}};
        made.command.text = fmt::format(
            "bwa mem -t 2 results/ref.fa in/sample_{0:06}.fq | samtools sort -o out/sample_{0:06}.bam -", id);
        if (!with_files) return made;
        made.inputs = {fmt::format("in/sample_{:06}.fq", id)};
        made.outputs = {{fmt::format("out/sample_{:06}.bam", id), false}};
        write(made.inputs[0]);
        return made;
    }
    void write(const std::string& path) const {
        const Fd file = open_file(folder / path, O_WRONLY | O_CREAT | O_TRUNC, 0644).value();
        if (::write(file.fd(), path.data(), path.size()) < 0) std::abort();
    }
    void open(std::vector<Receipt> receipts) {
        workspace = workflow::FileWorkspace::open(folder.path(), std::move(receipts),
                                                  {.run = "run", .force = {}, .hash = {}}, clock)
                        .value();
    }
    /// Every task once, as the loop does it around an attempt.
    std::vector<Receipt> run_all() {
        std::vector<Receipt> receipts;
        for (const Task& task : tasks) {
            benchmark::DoNotOptimize(workspace->examine(task));
            if (!workspace->prepare(task, {task.id, 1})) std::abort();
            for (const OutputFile& output : task.outputs) write(output.path);
            receipts.push_back(*workspace->conclude(task, {task.id, 1}).receipt);
        }
        return receipts;
    }
};

void count(benchmark::State& state, std::size_t tasks) {
    state.SetItemsProcessed(static_cast<std::int64_t>(tasks) * state.iterations());
    state.counters["us_per_task"] = benchmark::Counter(
        static_cast<double>(tasks) * 1e-6, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

/// Nothing to do: two files looked at for each task.
void examine_up_to_date(benchmark::State& state) {
    Scatter scatter(static_cast<int>(state.range(0)), true);
    scatter.open(scatter.run_all());
    for (auto _ : state)
        for (const Task& task : scatter.tasks)
            if (!scatter.workspace->examine(task).up_to_date) std::abort();
    count(state, scatter.tasks.size());
}
BENCHMARK(examine_up_to_date)->Arg(1'000)->Unit(benchmark::kMillisecond);

/// Everything to do: examine, prepare, write a small file, conclude with hashes.
void around_attempts(benchmark::State& state) {
    Scatter scatter(static_cast<int>(state.range(0)), state.range(1) != 0);
    for (auto _ : state) {
        scatter.open({});
        if (state.range(1) != 0) std::filesystem::remove_all(scatter.folder / "out");
        benchmark::DoNotOptimize(scatter.run_all());
    }
    count(state, scatter.tasks.size());
}
BENCHMARK(around_attempts)
    ->ArgNames({"tasks", "files"})
    ->Args({300, 1})
    ->Args({2'000, 0})
    ->Unit(benchmark::kMillisecond);

}  // namespace
