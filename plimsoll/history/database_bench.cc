// SPDX-License-Identifier: Apache-2.0
// What history costs a task, and what reading it costs the start of a run. CPU is of the whole process, the
// writer's thread included. PLIMSOLL_BENCH_ATTEMPTS sets how many attempts the reads find (default 5,000, for smoke
// runs; the figures in README.md are of 1,000,000).
#include <benchmark/benchmark.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include <ctime>

#include "plimsoll/history/database.h"
#include "plimsoll/history/samples_for_test.h"

using namespace plimsoll;
using namespace plimsoll::history;

namespace {

/// A folder on the disk that a user's history would be on, not in memory.
struct DiskFolder {
    std::string path;
    DiskFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "plimsoll-bench-XXXXXX").string();
        path = ::mkdtemp(name.data()) ? name : "";
    }
    ~DiskFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
};

double process_cpu_s() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

void pause_for(std::int64_t microseconds) {
    const timespec span{.tv_sec = 0, .tv_nsec = microseconds * 1000};
    ::ppoll(nullptr, 0, &span, nullptr);
}

void append_task(RunWriter& writer, TaskId task) {
    writer.append(Decided{sample_decision(task)});
    writer.append(Decided{sample_decision(task)});
    writer.append(AttemptStarted{sample_start(task)});
    writer.append(TaskChanged{sample_task(task, TaskState::running)});
    writer.append(AttemptEnded{sample_end(task)});
    writer.append(TaskSealed{.task = task, .receipt = sample_receipt(task)});
    writer.append(TaskChanged{sample_task(task, TaskState::finished)});
}

/// All that a short task appends: start, end, receipt, twice its row, two decisions. The argument is the pause
/// between tasks: with 500 us some tasks share a commit, as when two cores run /bin/true.
void record_tasks(benchmark::State& state) {
    const DiskFolder folder;
    Database database = Database::open(folder.path + "/history.db", {}).value();
    auto writer = database.begin_run(sample_run()).value();
    TaskId task = 0;
    const double before = process_cpu_s();
    for (auto _ : state) {
        append_task(*writer, task++);
        if (state.range(0) > 0) pause_for(state.range(0));
    }
    if (!writer->commit()) state.SkipWithError("a commit failed");
    state.counters["cpu_us_per_task"] = 1e6 * (process_cpu_s() - before) / task;
}
BENCHMARK(record_tasks)->Arg(0)->Arg(500)->UseRealTime();

/// The sleeping alone, to be taken off the line above.
void pause_only(benchmark::State& state) {
    const double before = process_cpu_s();
    for (auto _ : state) pause_for(state.range(0));
    state.counters["cpu_us_per_task"] = 1e6 * (process_cpu_s() - before) / static_cast<double>(state.iterations());
}
BENCHMARK(pause_only)->Arg(500)->UseRealTime();

/// From the name of a file to a run that is recorded as begun: what history adds to the start of `plimsoll run`.
void open_and_begin(benchmark::State& state) {
    const DiskFolder folder;
    int number = 0;
    for (auto _ : state) {
        Database database = Database::open(folder.path + "/history.db", {}).value();
        if (!database.begin_run(sample_run("run-" + std::to_string(number++))))
            state.SkipWithError("a run could not begin");
    }
}
BENCHMARK(open_and_begin)->Unit(benchmark::kMicrosecond)->UseRealTime();

constexpr int kind_count = 2000;

TaskKind kind_of(int number) {
    return {.workflow = "flow" + std::to_string(number / 20),
            .step = "step" + std::to_string(number),
            .tool = "tool" + std::to_string(number % 400)};
}

/// A history of many runs of 100 workflows with 20 steps each; 400 tools are shared by 5 steps each.
class Past {
public:
    Past() {
        const char* wanted = ::getenv("PLIMSOLL_BENCH_ATTEMPTS");
        const int attempts = wanted ? ::atoi(wanted) : 5000;
        Database database = Database::open(path(), {}).value();
        for (int done = 0; done < attempts;) {
            auto writer = database.begin_run(sample_run("run-" + std::to_string(done))).value();
            for (int task = 0; task < 5000 && done < attempts; ++task, ++done) {
                AttemptRecord attempt = sample_end(static_cast<TaskId>(task));
                attempt.kind = kind_of(done / 100 * 7 % kind_count);
                writer->append(AttemptEnded{attempt});
                writer->append(TaskSealed{.task = 0, .receipt = sample_receipt(static_cast<TaskId>(task))});
            }
            writer->append(RunEnded{.state = RunState::finished, .at = at_second(done)});
            if (!writer->commit()) ::abort();
        }
    }
    std::string path() const { return folder_.path + "/history.db"; }

private:
    DiskFolder folder_;
};

const Past& past() {
    static const Past one;
    return one;
}

/// What a run of a workflow of 20 steps learns from.
void read_observations(benchmark::State& state) {
    const Database database = Database::open(past().path(), {}).value();
    ObservationFilter filter;
    for (int kind = 40; kind < 60; ++kind) filter.kinds.push_back(kind_of(kind));
    std::size_t count = 0;
    for (auto _ : state) count = database.observations(filter).value().size();
    state.counters["observations"] = static_cast<double>(count);
}
BENCHMARK(read_observations)->Unit(benchmark::kMillisecond);

void read_receipts(benchmark::State& state) {
    const Database database = Database::open(past().path(), {}).value();
    std::size_t count = 0;
    for (auto _ : state) count = database.receipts("/data/flow", "variants").value().size();
    state.counters["receipts"] = static_cast<double>(count);
}
BENCHMARK(read_receipts)->Unit(benchmark::kMillisecond);

void find_last_run(benchmark::State& state) {
    const Database database = Database::open(past().path(), {}).value();
    for (auto _ : state) benchmark::DoNotOptimize(database.run("last").value());
}
BENCHMARK(find_last_run)->Unit(benchmark::kMicrosecond);

}  // namespace
