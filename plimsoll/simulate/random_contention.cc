// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/random_contention.h"

#include <fmt/format.h>

#include <algorithm>

#include "plimsoll/base/check.h"
#include "plimsoll/config/read_config.h"
#include "plimsoll/simulate/promised_deadlines.h"

namespace plimsoll::simulate {
namespace {

using namespace std::chrono_literals;

Duration whole_seconds(Rng& rng, std::int64_t least, std::int64_t most) {
    return std::chrono::seconds(rng.between(least, most));
}

/// What a task holds.
Request random_request(Rng& rng) {
    Request request;
    request.cpu = Cores{0.25 * static_cast<double>(rng.between(1, 8))};
    request.memory = Bytes{rng.between(50, 1000) << 20};
    return request;
}

/// A node with so many places for such tasks, and some that nobody can use.
Node node_of(NodeId id, const Request& request, std::int64_t places, Rng& rng) {
    const auto all = static_cast<double>(places) + 0.9 * rng.uniform();
    Node node{.id = id, .name = fmt::format("node{}", id), .capacity = {}};
    node.capacity.cpu = Cores{0.25 * static_cast<double>(static_cast<std::int64_t>(4 * request.cpu->count * all))};
    node.capacity.memory = Bytes{(*request.memory * all).count >> 20 << 20};
    return node;
}

void set_drawing(Scenario& scenario, std::string drawing) {
    scenario.drawing = std::move(drawing);
    scenario.workflow = draw(scenario.drawing).value();
}

void set_config(Scenario& scenario, std::string config) {
    scenario.config = std::move(config);
    config::ReadConfig read = config::read_config_text(scenario.config, "config");
    PLIM_CHECK(read.problems.empty(), "a random config is a right one");
    scenario.queues = std::move(read.config.queues);
}

/// Its tasks take just that.
void set_step(Scenario& scenario, Step& step, const Request& request, Duration runtime) {
    step.request = request;
    step.request.time = runtime;
    StepTruth& truth = scenario.truths[step.name];
    truth.typical.runtime = runtime;
    truth.typical.cpu = *request.cpu;
    truth.typical.memory_peak = *request.memory * 0.5;
}

}  // namespace

void make_shares(Scenario& scenario, Rng& rng) {
    constexpr const char* of_queues[] = {"fair", "fair", "sfq", "priority"};
    constexpr const char* of_tasks[] = {"path", "priority", "fifo", "edf", "depth"};
    std::vector<std::string> leaves;
    std::string config, drawing;
    const auto body = [&](const char* discipline) {
        return fmt::format("weight: {}, priority: {}, discipline: {}", rng.between(1, 5), rng.between(0, 2),
                           discipline);
    };
    for (std::int64_t n = rng.between(2, 4); n > 0; --n) {
        const bool has_children = rng.uniform() < 0.3;
        config += fmt::format("{}q{}: {{{}", config.empty() ? "" : ", ", n,
                              body(has_children ? of_queues[rng.between(0, 3)] : of_tasks[rng.between(0, 4)]));
        for (const char* child : {"x", "y"})
            if (has_children) {
                config += fmt::format("{}{}: {{{}}}", *child == 'x' ? ", queues: {" : ", ", child,
                                      body(of_tasks[rng.between(0, 3)]));
                leaves.push_back(fmt::format("q{}/{}", n, child));
            }
        config += has_children ? "}}" : "}";
        if (!has_children) leaves.push_back(fmt::format("q{}", n));
    }
    set_config(scenario, fmt::format("{{discipline: {}, queues: {{{}}}}}", of_queues[rng.between(0, 3)], config));
    for (std::size_t leaf = 0; leaf < 2 * leaves.size(); ++leaf)
        drawing += fmt::format("{}s{}*{}", leaf == 0 ? "" : "; ", leaf, rng.between(2, 12));
    set_drawing(scenario, drawing);
    const Request request = random_request(rng);
    for (std::size_t at = 0; at < scenario.workflow.steps.size(); ++at) {
        Step& step = scenario.workflow.steps[at];
        step.queue = leaves[at / 2];
        set_step(scenario, step, request, whole_seconds(rng, 1, 20));
        const auto queue = find_queue(scenario.queues, step.queue);
        if (scenario.queues[*queue].discipline == Discipline::priority)
            step.priority = static_cast<double>(rng.between(0, 2));
    }
    const std::int64_t nodes = rng.between(1, 3);
    for (std::int64_t id = 0; id < nodes; ++id)
        scenario.nodes.push_back(node_of(static_cast<NodeId>(id), request, rng.between(1, 12), rng));
}

void make_reclaim(Scenario& scenario, Rng& rng) {
    const std::int64_t queues = rng.between(2, 4);
    std::string config, drawing;
    for (std::int64_t n = 0; n < queues; ++n) {
        config += fmt::format("{}q{}: {{weight: {}}}", n == 0 ? "" : ", ", n, rng.between(1, 4));
        drawing += fmt::format("{}s{}*{}", n == 0 ? "" : "; ", n, rng.between(4, 12));
    }
    set_config(scenario, fmt::format("{{reclaim: {{after: {}s}}, queues: {{{}}}}}", rng.between(0, 20), config));
    set_drawing(scenario, drawing);
    const Request request = random_request(rng);
    Duration arrives{};
    for (Step& step : scenario.workflow.steps) {
        step.queue = "q" + step.name.substr(1);
        set_step(scenario, step, request, whole_seconds(rng, 10, 120));
        scenario.truths[step.name].arrives = arrives;
        arrives += whole_seconds(rng, 0, 60);
    }
    scenario.abilities.freezes = rng.uniform() < 0.6;
    const std::int64_t nodes = rng.between(1, 3);
    for (std::int64_t id = 0; id < nodes; ++id)
        scenario.nodes.push_back(node_of(static_cast<NodeId>(id), request, rng.between(2, 8), rng));
}

void make_stream(Scenario& scenario, Rng& rng) {
    std::string drawing;
    const std::int64_t steps = rng.between(4, 12), places = rng.between(1, 6);
    for (std::int64_t step = 0; step < steps; ++step)
        drawing += fmt::format("{}s{}*{}", step == 0 ? "" : "; ", step, rng.between(places, 2 * places));
    set_drawing(scenario, drawing);
    const Request request = random_request(rng);
    Duration arrives{};
    for (Step& step : scenario.workflow.steps) {
        set_step(scenario, step, request, whole_seconds(rng, 5, 20));
        scenario.truths[step.name].arrives = arrives;
        arrives += whole_seconds(rng, 0, 15);
    }
    scenario.nodes.push_back(node_of(0, request, places, rng));
}

void make_deadlines(Scenario& scenario, Rng& rng) {
    std::string drawing;
    const std::int64_t steps = rng.between(2, 7);
    for (std::int64_t step = 0; step < steps; ++step) {
        drawing += fmt::format("{}s{}*{} <-", step == 0 ? "" : "; ", step, rng.between(1, 6));
        for (std::int64_t need = 0; need < step; ++need)
            if (rng.uniform() < 0.25) drawing += fmt::format(" s{}", need);
    }
    set_drawing(scenario, drawing);
    Request largest;
    for (Step& step : scenario.workflow.steps) {
        const Request request = random_request(rng);
        largest.cpu = std::max(largest.cpu.value_or(Cores{}), *request.cpu);
        largest.memory = std::max(largest.memory.value_or(Bytes{}), *request.memory);
        set_step(scenario, step, request, whole_seconds(rng, 1, 30));
        if (rng.uniform() < 0.4) step.deadline = 1s;
        if (rng.uniform() < 0.3) step.priority = static_cast<double>(rng.between(-2, 2));
    }
    const std::int64_t nodes = rng.uniform() < 0.7 ? 1 : 2;
    for (std::int64_t id = 0; id < nodes; ++id)
        scenario.nodes.push_back(node_of(static_cast<NodeId>(id), largest, rng.between(1, 4), rng));
    // Put off to the earliest that can be kept, and a little; until all can.
    const auto slack = [&] { return rng.uniform() < 0.5 ? Duration{} : whole_seconds(rng, 0, 20); };
    for (int round = 0; round < 20; ++round) {
        const schedule::Admission admission = admission_of(scenario);
        if (admission.missed.empty()) return;
        for (const schedule::Admission::Miss& miss : admission.missed) {
            Step& step = *scenario.workflow.step(scenario.workflow.tasks[miss.task].step->name);
            step.deadline = std::max(*step.deadline, miss.earliest + slack());
        }
    }
}

}  // namespace plimsoll::simulate
