// SPDX-License-Identifier: Apache-2.0
#include "benches/simulate/speed.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "plimsoll/base/random.h"
#include "plimsoll/simulate/drawing.h"
#include "plimsoll/simulate/fifo_replay.h"
#include "plimsoll/simulate/simulated_run.h"
#include "plimsoll/simulate/traces/swf.h"

namespace plimsoll::benches {
namespace {

using simulate::ReplayedJob;

constexpr Resources node{.cpu = Cores{64}, .memory = Bytes{std::int64_t{256} << 30}};

double cpu_s() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto span = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
    };
    return span(used.ru_utime) + span(used.ru_stime);
}

std::uint64_t memory_peak() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    return static_cast<std::uint64_t>(used.ru_maxrss) << 10;
}

Result<SpeedRow> timed(const std::vector<ReplayedJob>& jobs, const std::vector<Resources>& needs,
                       const std::vector<Resources>& nodes) {
    const double begin = cpu_s();
    const simulate::Replay replay = PLIM_TRY(simulate::replay_fifo(jobs, needs, nodes));
    return SpeedRow{.mode = "fifo",
                    .tasks = jobs.size(),
                    .nodes = nodes.size(),
                    .events = replay.events,
                    .cpu_s = cpu_s() - begin,
                    .mean_wait_s = replay.mean_wait_s,
                    .memory_peak_bytes = memory_peak()};
}

}  // namespace

Result<SpeedRow> fifo_speed(std::uint64_t tasks, std::uint64_t nodes, double load, std::uint64_t seed) {
    constexpr double mean_cores = 8.5, mean_runtime_s = 300;
    constexpr std::int64_t shapes = 200;
    Rng rng(seed);
    std::vector<Resources> needs;
    for (std::int64_t shape = 0; shape < shapes; ++shape)
        needs.push_back(
            {.cpu = Cores{static_cast<double>(rng.between(1, 16))}, .memory = Bytes{rng.between(1, 64) << 30}});
    const double a_second = load * static_cast<double>(nodes) * node.cpu.count / mean_cores / mean_runtime_s;
    std::vector<ReplayedJob> jobs;
    double arrives_s = 0;
    for (std::uint64_t job = 0; job < tasks; ++job) {
        arrives_s += -std::log(1 - rng.uniform()) / a_second;
        jobs.push_back({.arrives = Instant(from_seconds(arrives_s)),
                        .runtime = from_seconds(1 + 2 * (mean_runtime_s - 1) * rng.uniform()),
                        .need = static_cast<std::uint32_t>(rng.between(0, shapes - 1))});
    }
    return timed(jobs, needs, std::vector<Resources>(nodes, node));
}

Result<SpeedRow> trace_speed(const std::string& file) {
    const simulate::SwfTrace trace = PLIM_TRY(simulate::read_swf(file));
    std::map<double, std::uint32_t> sizes;
    std::vector<Resources> needs;
    std::vector<ReplayedJob> jobs;
    double largest = 0;
    for (const simulate::SwfJob& job : trace.jobs) {
        const double processors = std::max(job.allocated, job.requested);
        if (processors <= 0 || job.run_s <= 0) continue;
        largest = std::max(largest, processors);
        const auto [size, is_new] = sizes.try_emplace(processors, static_cast<std::uint32_t>(needs.size()));
        if (is_new) needs.push_back({.cpu = Cores{processors}});
        jobs.push_back({Instant(from_seconds(job.submit_s)), from_seconds(job.run_s), size->second});
    }
    if (jobs.empty()) return invalid(file + " holds no job that ran");
    std::ranges::stable_sort(jobs, {}, &ReplayedJob::arrives);
    return timed(jobs, needs, {{.cpu = Cores{trace.processors.value_or(largest)}}});
}

Result<SpeedRow> loop_speed(std::uint64_t tasks, std::uint64_t nodes) {
    constexpr Request request{
        .cpu = Cores{1}, .memory = Bytes{4LL << 30}, .time = std::chrono::seconds(60), .disk = {}, .gpu = {}};
    const std::uint64_t samples = std::max<std::uint64_t>(1, tasks / 3);
    const simulate::Drawing drawing =
        PLIM_TRY(simulate::draw(fmt::format("a*{0}; b*{0} <- a; c*{0} <- b; all <- c", samples), request));
    const simulate::Truth truth = [](const std::string& task, int) {
        const double size = 0.8 + 0.4 * static_cast<double>(std::hash<std::string>{}(task) % 1000) / 1000;
        return simulate::Behaviour{.runtime = from_seconds(20 * size), .memory_peak = 512_MiB * size};
    };
    std::vector<Node> all;
    for (std::uint64_t id = 0; id < nodes; ++id)
        all.push_back({.id = static_cast<NodeId>(id), .name = fmt::format("node{}", id), .capacity = node});
    const double begin = cpu_s();
    const auto forecaster = forecast::make_forecaster("replayed-cost");
    simulate::SimulatedRun run({.nodes = all, .truth = truth, .store = {.forgets = true}}, *forecaster);
    workflow::FixedSource source(drawing.tasks);
    run.loop().add(source);
    PLIM_TRY(run.play());
    const std::uint64_t ended = run.engine().stretches().size();
    return SpeedRow{.mode = "loop",
                    .tasks = drawing.tasks.size(),
                    .nodes = nodes,
                    .events = drawing.tasks.size() + ended,
                    .cpu_s = cpu_s() - begin,
                    .memory_peak_bytes = memory_peak()};
}

}  // namespace plimsoll::benches
