// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/random_world.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>

#include "plimsoll/simulate/laws.h"

namespace plimsoll::simulate {
namespace {

using namespace std::chrono_literals;

bool chance(Rng& rng, double probability) { return rng.uniform() < probability; }

Duration some_time(Rng& rng, Duration most) { return Duration(rng.between(0, most.count())); }

Bytes some_memory(Rng& rng, std::int64_t most_mib) { return Bytes{rng.between(1, most_mib) << 20}; }

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
    if (chance(rng, 0.03)) step.request.gpu = 1;
    if (chance(rng, 0.1)) step.request.disk = 1_GiB;
    if (chance(rng, 0.15)) step.timeout = 1s + some_time(rng, 10s);
    if (chance(rng, 0.15)) step.deadline = 5s + some_time(rng, 60s);
    if (chance(rng, 0.3)) step.priority = static_cast<double>(rng.between(-2, 2));
    step.retry = {.on_out_of_memory = static_cast<int>(rng.between(0, 3)),
                  .on_timeout = static_cast<int>(rng.between(0, 2)),
                  .on_failure = static_cast<int>(rng.between(0, 2))};
}

/// The first `bad` attempts go wrong in one way, the rest go well.
struct Fate {
    Behaviour good, bad;
    int bad_attempts = 0;
};

Fate random_fate(Rng& rng) {
    Fate fate;
    fate.good.runtime = chance(rng, 0.1) ? Duration::zero() : some_time(rng, 12s);
    fate.good.memory_peak = some_memory(rng, 3500);
    fate.good.cpu = Cores{0.1 + 3 * rng.uniform()};
    fate.good.input_bytes = some_memory(rng, 1000);
    fate.good.ignores_terminate = chance(rng, 0.2);
    if (chance(rng, 0.1)) fate.good.runtime += 30s;
    if (chance(rng, 0.2)) {
        fate.good.memory_left = rng.uniform();
        fate.good.peak_at = 0.3 * rng.uniform();
        fate.good.falls_at = 0.3 + 0.5 * rng.uniform();
    }
    fate.bad = fate.good;
    if (chance(rng, 0.8)) return fate;
    fate.bad_attempts = static_cast<int>(rng.between(1, 3));
    switch (rng.between(0, 4)) {
        case 0: fate.bad.can_start = false; break;
        case 1: fate.bad.input_changes = true; break;
        case 2: fate.bad.memory_peak = some_memory(rng, 9000); break;
        default: fate.bad.exit_code = 1; break;
    }
    return fate;
}

Truth random_truth(const Drawing& drawing, Rng& rng) {
    std::map<std::string, Fate> fates;
    std::map<const Step*, Fate> typical;
    const bool again = chance(rng, 0.4);
    const bool alike = chance(rng, 0.3);
    for (const Task& task : drawing.tasks) {
        Fate fate = random_fate(rng);
        if (alike) fate = typical.try_emplace(task.step, fate).first->second;
        const bool makers_are = std::ranges::all_of(
            task.needs, [&](TaskId need) { return fates.at(drawing.tasks[need].name).good.up_to_date; });
        fate.good.up_to_date = fate.bad.up_to_date = again && makers_are && chance(rng, 0.7);
        fates.emplace(task.name, fate);
    }
    return [fates = std::move(fates)](const std::string& task, int attempt) {
        const Fate& fate = fates.at(task);
        return attempt <= fate.bad_attempts ? fate.bad : fate.good;
    };
}

std::vector<Node> random_nodes(Rng& rng) {
    const std::int64_t count = chance(rng, 0.7) ? 1 : rng.between(2, 3);
    std::vector<Node> nodes;
    for (std::int64_t id = 0; id < count; ++id)
        nodes.push_back({.id = static_cast<NodeId>(id),
                         .name = fmt::format("node{}", id),
                         .capacity = {.cpu = Cores{static_cast<double>(rng.between(1, 4))},
                                      .memory = Bytes{rng.between(1, 6) << 30}}});
    return nodes;
}

StoreBehaviour random_store(Rng& rng) {
    StoreBehaviour store;
    if (chance(rng, 0.7)) store.lag_max = chance(rng, 0.5) ? Duration(5ms) : Duration(4s);
    Instant at{};
    while (chance(rng, 0.2)) {
        const Instant from = at + some_time(rng, 20s);
        at = from + some_time(rng, 20s);
        store.trouble.emplace_back(from, at);
    }
    return store;
}

std::vector<TaskId> random_batches(const Drawing& drawing, Rng& rng) {
    std::vector<TaskId> ends;
    const auto count = static_cast<TaskId>(drawing.tasks.size());
    for (TaskId at = 0; chance(rng, 0.3) && at + 1 < count; ends.push_back(at))
        at = static_cast<TaskId>(rng.between(at + 1, count));
    if (ends.empty() || ends.back() < count) ends.push_back(count);
    return ends;
}

/// Sends a batch every three seconds.
class BatchSource final : public workflow::Source {
public:
    BatchSource(const RandomWorld& world, SimulatedEngine& engine) : world_(world) {
        for (std::size_t batch = 0; batch < world.batches.size(); ++batch)
            engine.at(Instant(Duration(3s) * static_cast<std::int64_t>(batch)), [this] { ++open_; });
    }
    std::vector<Task> poll(TaskId next_id, Instant) override {
        if (sent_ >= open_ || sent_ >= world_.batches.size()) return {};
        const TaskId end = world_.batches[sent_++];
        return {world_.drawing.tasks.begin() + next_id, world_.drawing.tasks.begin() + end};
    }
    bool may_send_more() const override { return sent_ < world_.batches.size(); }
    void done(TaskId task, bool) override { ++words_[task]; }
    const std::map<TaskId, int>& words() const { return words_; }

private:
    const RandomWorld& world_;
    std::size_t open_ = 1, sent_ = 0;
    std::map<TaskId, int> words_;
};

std::vector<std::string> play_once(const RandomWorld& world, forecast::Forecaster& forecaster) {
    SimulatedRun run(world.setup, forecaster);
    BatchSource source(world, run.engine());
    for (const RandomWorld::Others& others : world.others) {
        run.engine().at(others.from, [&] { run.machine().others_hold(others.amounts); });
        run.engine().at(others.until, [&] { run.machine().others_hold({}); });
    }
    if (world.refused) {
        run.engine().at(world.refused->first, [&] { run.limits().refuse(true); });
        run.engine().at(world.refused->second, [&] { run.limits().refuse(false); });
    }
    if (world.meddled) run.engine().at(*world.meddled, [&] { run.limits().meddle(); });
    if (world.stop) run.engine().at(world.stop->first, [] {});
    for (const Task& task : world.drawing.tasks)
        for (const OutputFile& output : task.outputs)
            if (output.temporary && world.setup.truth(task.name, 1).up_to_date) run.workspace().forget(output.path);
    Laws laws(world.drawing, run);
    run.loop().add(source);
    const auto events = run.finish([&](const std::vector<loop::Event>& told) {
        laws.after_tick(told);
        if (world.stop && run.clock().now() >= world.stop->first) run.loop().stop(world.stop->second);
    });
    if (!events) laws.broke(events.error().message);
    else laws.at_the_end(world.batches.back());
    return laws.broken();
}

}  // namespace

RandomWorld random_world(std::uint64_t seed) {
    Rng rng(seed);
    RandomWorld world;
    world.drawing = draw(random_drawing(rng)).value();
    for (Step& step : world.drawing.steps) {
        vary_step(step, rng);
        if (chance(rng, 0.4)) world.drawing.make_temporary(step.name);
    }
    world.batches = random_batches(world.drawing, rng);
    world.setup = {
        .nodes = random_nodes(rng),
        .truth = random_truth(world.drawing, rng),
        .keep_going = chance(rng, 0.6),
        .shape = static_cast<loop::ShapeMode>(rng.between(0, 2)),
        .abilities = {.limits_memory = chance(rng, 0.8), .notices = chance(rng, 0.7), .freezes = chance(rng, 0.8)},
        .store = random_store(rng),
        .seed = rng.next()};
    world.forecaster = chance(rng, 0.6) ? "replayed-cost" : "request";
    world.runs = chance(rng, 0.3) ? static_cast<int>(rng.between(2, 4)) : 1;
    for (Instant at{}; chance(rng, 0.3);) {
        const Instant from = at + some_time(rng, 20s);
        at = from + some_time(rng, 20s) + 1ms;
        const Resources all = world.setup.nodes.front().capacity;
        world.others.push_back(
            {from,
             at,
             {.cpu = all.cpu * rng.uniform(), .memory = all.memory * (rng.uniform() * (chance(rng, 0.3) ? 0.2 : 1))}});
    }
    if (chance(rng, 0.1)) {
        const Instant from{some_time(rng, 20s)};
        world.refused = {from, from + some_time(rng, 20s)};
    }
    if (chance(rng, 0.1)) world.meddled = Instant(some_time(rng, 20s));
    if (chance(rng, 0.15)) world.stop = {Instant(some_time(rng, 40s)), static_cast<loop::StopMode>(rng.between(1, 3))};
    return world;
}

std::vector<std::string> play(std::uint64_t seed) {
    const RandomWorld world = random_world(seed);
    const auto forecaster = forecast::make_forecaster(world.forecaster);
    for (int run = 0; run < world.runs; ++run)
        if (std::vector<std::string> broken = play_once(world, *forecaster); !broken.empty()) return broken;
    return {};
}

}  // namespace plimsoll::simulate
