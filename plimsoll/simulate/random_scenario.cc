// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/random_scenario.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "plimsoll/base/check.h"
#include "plimsoll/base/random.h"
#include "plimsoll/config/read_config.h"
#include "plimsoll/simulate/random_contention.h"

namespace plimsoll::simulate {
namespace {

using namespace std::chrono_literals;
using Kind = WorldFault::Kind;

bool chance(Rng& rng, double probability) { return rng.uniform() < probability; }

/// In whole milliseconds, so that it can be written down.
Duration some_time(Rng& rng, Duration most) {
    return std::chrono::milliseconds(
        rng.between(0, std::chrono::duration_cast<std::chrono::milliseconds>(most).count()));
}

Bytes some_memory(Rng& rng, std::int64_t most_mib) { return Bytes{rng.between(1, most_mib) << 20}; }

double hundredths(Rng& rng, std::int64_t least, std::int64_t most) {
    return 0.01 * static_cast<double>(rng.between(least, most));
}

/// "s0*3; s1 <- s0; s2*2 <- s0 s1": each step needs some of those before it.
std::string random_drawing(Rng& rng) {
    std::string text;
    const std::int64_t steps = rng.between(1, 7);
    for (std::int64_t step = 0; step < steps; ++step) {
        text += fmt::format("{}s{}*{} <-", step == 0 ? "" : "; ", step, chance(rng, 0.5) ? 1 : rng.between(2, 6));
        for (std::int64_t need = 0; need < step; ++need)
            if (chance(rng, 0.4)) text += fmt::format(" s{}", need);
    }
    return text;
}

void vary_step(Step& step, Rng& rng) {
    if (chance(rng, 0.6)) step.request.cpu = Cores{0.25 * static_cast<double>(rng.between(1, 12))};
    if (chance(rng, 0.6)) step.request.memory = some_memory(rng, 3000);
    if (chance(rng, 0.3)) step.request.time = 1s + some_time(rng, 30s);
    if (chance(rng, 0.03)) step.request.gpu = 1;  // where there are none it is refused
    if (chance(rng, 0.1)) step.request.disk = 1_GiB;
    if (chance(rng, 0.15)) step.timeout = 1s + some_time(rng, 10s);
    if (chance(rng, 0.15)) step.deadline = 5s + some_time(rng, 60s);
    if (chance(rng, 0.3)) step.priority = static_cast<double>(rng.between(-2, 2));
    step.retry = {.on_out_of_memory = static_cast<int>(rng.between(0, 3)),
                  .on_timeout = static_cast<int>(rng.between(0, 2)),
                  .on_failure = static_cast<int>(rng.between(0, 2))};
}

StepTruth random_truth(Rng& rng) {
    StepTruth truth;
    Behaviour& usual = truth.typical;
    usual.runtime = chance(rng, 0.1) ? Duration::zero() : some_time(rng, 12s);
    usual.memory_peak = some_memory(rng, 3500);
    usual.cpu = Cores{hundredths(rng, 10, 310)};
    usual.input_bytes = some_memory(rng, 1000);
    usual.ignores_terminate = chance(rng, 0.2);
    if (chance(rng, 0.1)) usual.runtime += 30s;
    if (chance(rng, 0.2)) {
        usual.memory_left = hundredths(rng, 0, 99);
        usual.peak_at = hundredths(rng, 0, 30);
        usual.falls_at = hundredths(rng, 30, 80);
    }
    truth.spread = chance(rng, 0.5) ? hundredths(rng, 0, 80) : 0;
    truth.input_spread = chance(rng, 0.5) ? hundredths(rng, 0, 80) : 0;
    return truth;
}

StepFault random_step_fault(const std::string& step, int runs, Rng& rng) {
    StepFault fault{.step = step, .attempts = static_cast<int>(rng.between(1, 3))};
    if (runs > 1 && chance(rng, 0.5)) fault.at_run = static_cast<int>(rng.between(1, runs));
    switch (rng.between(0, 6)) {
        case 0: fault.cannot_start = true; break;
        case 1: fault.input_changes = true; break;
        case 2: fault.memory = hundredths(rng, 50, 900); break;
        case 3: fault.runtime = hundredths(rng, 50, 900); break;
        case 4: fault.is_refused = true; break;
        default: fault.exit_code = 1; break;
    }
    return fault;
}

std::vector<Node> random_nodes(Rng& rng) {
    const std::int64_t count = chance(rng, 0.6) ? 1 : rng.between(2, 4);
    std::vector<Node> nodes;
    for (std::int64_t id = 0; id < count; ++id)
        nodes.push_back({.id = static_cast<NodeId>(id),
                         .name = fmt::format("node{}", id),
                         .capacity = {.cpu = Cores{static_cast<double>(rng.between(1, 4))},
                                      .memory = Bytes{rng.between(1, 6) << 30}}});
    return nodes;
}

/// Stretches that begin one after another.
void add_faults(Kind kind, double probability, Scenario& scenario, Rng& rng,
                const std::function<void(WorldFault&)>& fill = {}) {
    Duration at{};
    while (chance(rng, probability)) {
        WorldFault fault{.kind = kind, .from = at + some_time(rng, 20s), .until = {}, .length = {}, .amounts = {}};
        at = fault.until = fault.from + (lasts(kind) ? some_time(rng, 20s) + 1ms : Duration{});
        if (fill) fill(fault);
        scenario.faults.push_back(std::move(fault));
    }
}

void add_faults(Scenario& scenario, Rng& rng) {
    const Resources first = scenario.nodes.front().capacity;
    const auto nodes = static_cast<std::int64_t>(scenario.nodes.size());
    add_faults(Kind::history_full, 0.15, scenario, rng);
    add_faults(Kind::others, 0.3, scenario, rng, [&](WorldFault& fault) {
        fault.amounts.cpu = Cores{first.cpu.count * hundredths(rng, 0, 99)};
        fault.amounts.memory = Bytes{(first.memory * hundredths(rng, 0, chance(rng, 0.3) ? 20 : 99)).count >> 20 << 20};
    });
    add_faults(Kind::disk_full, 0.05, scenario, rng);
    const auto some_node = [&](WorldFault& fault) { fault.node = static_cast<NodeId>(rng.between(0, nodes - 1)); };
    if (nodes > 1) add_faults(Kind::node_lost, 0.3, scenario, rng, some_node);
    add_faults(Kind::node_slow, 0.1, scenario, rng, [&](WorldFault& fault) {
        some_node(fault);
        fault.factor = hundredths(rng, 10, 150);
    });
    add_faults(Kind::telemetry_lost, 0.1, scenario, rng);
    add_faults(Kind::limits_refused, 0.1, scenario, rng);
    add_faults(Kind::limits_changed, 0.1, scenario, rng);
    add_faults(Kind::clock_jumps, 0.1, scenario, rng,
               [&](WorldFault& fault) { fault.length = some_time(rng, 2h) - (chance(rng, 0.5) ? 2h : 0h); });
    add_faults(Kind::suspended, 0.05, scenario, rng, [&](WorldFault& fault) { fault.length = some_time(rng, 1min); });
    add_faults(Kind::runner_killed, 0.15, scenario, rng,
               [&](WorldFault& fault) { fault.until = fault.from + some_time(rng, 5s); });
}

void add_steps(Scenario& scenario, Rng& rng) {
    Duration arrives{};
    const bool again = chance(rng, 0.3);
    bool all_before = again;
    for (Step& step : scenario.workflow.steps) {
        vary_step(step, rng);
        if (chance(rng, 0.4)) scenario.workflow.make_temporary(step.name);
        StepTruth truth = random_truth(rng);
        if (chance(rng, 0.15)) arrives += some_time(rng, 6s);
        truth.arrives = arrives;
        scenario.truths.emplace(step.name, truth);
        if (chance(rng, 0.25)) scenario.step_faults.push_back(random_step_fault(step.name, scenario.runs, rng));
        // What an earlier run did is the beginning of the workflow.
        all_before = all_before && chance(rng, 0.7);
        if (all_before) scenario.up_to_date.push_back(step.name);
    }
}

/// One queue, as a config file says it; its children, if any, are not yet in it.
std::string random_queue(bool has_children, Rng& rng) {
    constexpr const char* of_queues[] = {"fair", "fair", "sfq", "priority"};
    constexpr const char* of_tasks[] = {"path", "priority", "fifo", "edf", "depth"};
    std::string text = fmt::format("weight: {}, priority: {}, discipline: {}", rng.between(1, 4), rng.between(0, 2),
                                   has_children ? of_queues[rng.between(0, 3)] : of_tasks[rng.between(0, 4)]);
    if (chance(rng, 0.3)) text += fmt::format(", max_running: {}", rng.between(1, 3));
    if (chance(rng, 0.2)) text += ", guaranteed: {memory: 64MiB}";
    if (chance(rng, 0.2)) text += fmt::format(", most: {{cpu: {}}}", 0.5 * static_cast<double>(rng.between(1, 6)));
    else if (chance(rng, 0.2)) text += fmt::format(", most: {{memory: {}MiB}}", rng.between(100, 4000));
    return text;
}

/// Queues for the steps, and other runs that hold and wait in them. From a number of its own, so that nothing else that
/// a seed draws rests on them.
void add_queues(Scenario& scenario, Rng rng) {
    if (chance(rng, 0.4)) return;
    std::vector<std::string> leaves{"default"};
    std::string text;
    for (std::int64_t n = rng.between(1, 4); n > 0; --n) {
        const bool has_children = chance(rng, 0.3);
        text += fmt::format("{}q{}: {{{}", text.empty() ? "" : ", ", n, random_queue(has_children, rng));
        if (has_children)
            text +=
                fmt::format(", queues: {{x: {{{}}}, y: {{{}}}}}", random_queue(false, rng), random_queue(false, rng));
        text += "}";
        if (!has_children) leaves.push_back(fmt::format("q{}", n));
        else leaves.insert(leaves.end(), {fmt::format("q{}/x", n), fmt::format("q{}/y", n)});
    }
    constexpr const char* of_queues[] = {"fair", "fair", "sfq", "priority"};
    scenario.config = fmt::format("{{discipline: {}, queues: {{{}}}}}", of_queues[rng.between(0, 3)], text);
    config::ReadConfig read = config::read_config_text(scenario.config, "config");
    PLIM_CHECK(read.problems.empty(), "a random config is a right one");
    scenario.queues = std::move(read.config.queues);
    const auto any_leaf = [&] {
        return leaves[static_cast<std::size_t>(rng.between(0, static_cast<std::int64_t>(leaves.size()) - 1))];
    };
    for (Step& step : scenario.workflow.steps) step.queue = any_leaf();
    add_faults(Kind::others, 0.4, scenario, rng, [&](WorldFault& fault) {
        fault.queue = any_leaf();
        fault.amounts.cpu = Cores{hundredths(rng, 0, 200)};
        if (chance(rng, 0.7))
            fault.waits = Resources{.cpu = Cores{hundredths(rng, 1, 200)}, .memory = some_memory(rng, 2000)};
    });
}

/// Its queues, if it has any, take back what was borrowed. From a number of its own, likewise.
void add_reclaim(Scenario& scenario, Rng rng) {
    if (scenario.config.empty() || !chance(rng, 0.4)) return;
    scenario.config = fmt::format("{{reclaim: {{after: {}s}}, {}", rng.between(0, 10), scenario.config.substr(1));
    scenario.queues = config::read_config_text(scenario.config, "config").config.queues;
}

/// Some steps save their work when they make room, or fail to. From a number of its own, likewise.
void add_checkpoints(Scenario& scenario, Rng rng) {
    for (Step& step : scenario.workflow.steps) {
        if (!chance(rng, 0.3)) continue;
        step.checkpoint = Checkpoint{.command = "save", .within = some_time(rng, 10s)};
        scenario.truths[step.name].typical.saves_in = some_time(rng, 15s);
    }
}

/// Of ten scenarios one in which nothing goes wrong and the laws of contention bite. From a number of its own,
/// likewise.
bool make_contention(Scenario& scenario, Rng rng) {
    if (!chance(rng, 0.12)) return false;
    scenario.forecaster = "request";
    scenario.shape = static_cast<loop::ShapeMode>(rng.between(0, 2));
    const double kind = rng.uniform();
    if (kind < 0.4) make_shares(scenario, rng);
    else if (kind < 0.6) make_stream(scenario, rng);
    else if (kind < 0.85) make_deadlines(scenario, rng);
    else make_reclaim(scenario, rng);
    return true;
}

/// Nodes with a few GPUs, and steps that want some of them, or a part of one.
void add_gpus(Scenario& scenario, Rng rng) {
    if (!chance(rng, 0.15)) return;
    for (Node& node : scenario.nodes)
        if (chance(rng, 0.8)) node.capacity.gpu = static_cast<double>(rng.between(1, 3));
    constexpr double wishes[] = {0.25, 0.3, 0.5, 0.7, 1, 1, 2};
    for (Step& step : scenario.workflow.steps)
        if (chance(rng, 0.5)) step.request.gpu = wishes[static_cast<std::size_t>(rng.between(0, 6))];
}

}  // namespace

Scenario random_scenario(std::uint64_t seed) {
    Rng rng(seed);
    Scenario scenario;
    scenario.description = fmt::format("the random scenario {}", seed);
    scenario.seed = static_cast<std::uint64_t>(rng.between(1, 1'000'000));
    if (make_contention(scenario, Rng(seed + 2'000'000))) {
        add_checkpoints(scenario, Rng(seed + 4'000'000));
        return scenario;
    }
    scenario.runs = chance(rng, 0.3) ? static_cast<int>(rng.between(2, 4)) : 1;
    scenario.drawing = random_drawing(rng);
    scenario.workflow = draw(scenario.drawing).value();
    scenario.nodes = random_nodes(rng);
    scenario.forecaster = chance(rng, 0.6) ? "replayed-cost" : "request";
    scenario.keep_going = chance(rng, 0.6);
    scenario.shape = static_cast<loop::ShapeMode>(rng.between(0, 2));
    scenario.abilities = {.limits_memory = chance(rng, 0.8), .notices = chance(rng, 0.7), .freezes = chance(rng, 0.8)};
    if (chance(rng, 0.7)) scenario.history_lag = chance(rng, 0.5) ? Duration(5ms) : Duration(4s);
    add_steps(scenario, rng);
    add_faults(scenario, rng);
    if (chance(rng, 0.15)) scenario.stop = {some_time(rng, 40s), static_cast<loop::StopMode>(rng.between(1, 3))};
    add_queues(scenario, Rng(seed + 1'000'000));
    add_reclaim(scenario, Rng(seed + 3'000'000));
    add_checkpoints(scenario, Rng(seed + 4'000'000));
    add_gpus(scenario, Rng(seed + 5'000'000));
    return scenario;
}

}  // namespace plimsoll::simulate
