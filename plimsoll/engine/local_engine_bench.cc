// SPDX-License-Identifier: Apache-2.0
// What starting, watching and ending a command costs us. `own_us` is this process's user and system time
// a task, `children_us` that of the tasks; both of getrusage, so that the exec's share stands apart.
#include <benchmark/benchmark.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <filesystem>
#include <string>

#include "plimsoll/engine/local_engine.h"

using namespace plimsoll;
using namespace plimsoll::engine;

namespace {

double cpu_us(int who) {
    rusage usage{};
    ::getrusage(who, &usage);
    return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
           static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

/// Two at a time, as on two cores.
void run_tasks(benchmark::State& state, const std::string& command, bool use_cgroups) {
    const MachineClock clock;
    std::string name = (std::filesystem::temp_directory_path() / "plimsoll-engine-bench-XXXXXX").string();
    const std::string folder = ::mkdtemp(name.data());
    auto engine = LocalEngine::open({.run = "bench", .capacity = {}, .use_cgroups = use_cgroups}, clock).value();
    const bool has_groups = engine->cgroups().kind != machine::CgroupKind::none;
    if (use_cgroups && !has_groups) state.SkipWithError("no cgroups that this user may use");
    const double own_before = cpu_us(RUSAGE_SELF);
    const double children_before = cpu_us(RUSAGE_CHILDREN);
    TaskId task = 0;
    int running = 0;
    for (auto _ : state) {
        const std::string log = folder + "/" + std::to_string(++task) + ".log";
        const Launch launch{.attempt = {.task = task, .number = 1},
                            .task_name = "t" + std::to_string(task),
                            .command = command,
                            .shell = {},
                            .workdir = folder,
                            .env = {},
                            .log = log,
                            .reserved = {.cpu = 1_cores, .memory = 64_MiB},
                            .limits = {.memory = 64_MiB, .cpu = 1_cores}};
        if (!engine->start(launch)) state.SkipWithError("a task could not be started");
        for (++running; running >= 2;)
            running -= static_cast<int>(engine->wait(clock.now() + std::chrono::seconds(10)).size());
    }
    while (running > 0) running -= static_cast<int>(engine->wait(clock.now() + std::chrono::seconds(10)).size());
    engine.reset();
    const double tasks = static_cast<double>(std::max<TaskId>(task, 1));
    state.counters["own_us"] = (cpu_us(RUSAGE_SELF) - own_before) / tasks;
    state.counters["children_us"] = (cpu_us(RUSAGE_CHILDREN) - children_before) / tasks;
    std::filesystem::remove_all(folder);
}

}  // namespace

BENCHMARK_CAPTURE(run_tasks, true_without_groups, "/bin/true", false)->UseRealTime();
BENCHMARK_CAPTURE(run_tasks, true_with_groups, "/bin/true", true)->UseRealTime();
BENCHMARK_CAPTURE(run_tasks, shell_without_groups, "exit 0", false)->UseRealTime();
