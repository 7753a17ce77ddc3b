// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/state.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "plimsoll/base/random.h"
#include "plimsoll/forecast/forecaster.h"

using namespace plimsoll;
using namespace plimsoll::forecast;

namespace {

/// Of three kinds of two workflows and two tools, on two machines; some are killed or cut short, and all have phases.
Observation next_of(Rng& rng) {
    const std::int64_t kind = rng.between(0, 2);
    Observation seen;
    seen.kind = {.workflow = kind == 2 ? "cohort" : "variants",
                 .step = fmt::format("step-{}", kind),
                 .tool = kind == 1 ? "samtools sort" : "bwa mem"};
    seen.features = {.input_bytes = Bytes{rng.between(1 << 20, 1 << 28)},
                     .input_count = 1,
                     .numbers = {{"depth", static_cast<double>(rng.between(1, 3))}},
                     .machine = rng.uniform() < 0.5 ? "here" : "there"};
    const double runtime_s = 10 + 100 * rng.uniform();
    seen.profile.memory_peak = seen.features.input_bytes * (2 + rng.uniform());
    seen.profile.runtime = seen.profile.cpu = from_seconds(runtime_s);
    seen.profile.segments = {
        {.until = from_seconds(0.6 * runtime_s), .memory = seen.profile.memory_peak * 0.3, .cpu = 1_cores},
        {.until = from_seconds(runtime_s), .memory = seen.profile.memory_peak, .cpu = 1_cores}};
    seen.reserved_memory = seen.profile.memory_peak;
    const double chance = rng.uniform();
    if (chance < 0.05) seen.ending = Ending::out_of_memory;
    else if (chance < 0.08) seen.ending = Ending::timeout;
    else if (chance < 0.1) seen.ending = Ending::preempted;
    return seen;
}

Terms terms(double weight) {
    Terms terms;
    terms.failure_weight = weight;
    terms.growth_stall = std::chrono::seconds(2);
    terms.machine_cpu = 8_cores;
    terms.machine_memory = 64_GiB;
    return terms;
}

std::unique_ptr<Forecaster> fresh() {
    return make_forecaster("replayed-cost",
                           {.background = nullptr, .failure_weight = 1, .growth_stall = std::chrono::seconds(2)});
}

/// Of every kind, of a kind known by its tool alone and of one that is not known, at many inputs.
std::vector<Forecast> told_by(const Forecaster& forecaster) {
    std::vector<Forecast> told;
    Rng rng(7);
    for (int at = 0; at < 50; ++at) {
        Observation next = next_of(rng);
        if (at % 10 == 0) next.kind.step = "elsewhere";
        if (at % 25 == 0) next.kind.tool = "unknown";
        for (const double weight : {1.0, 3.0})
            told.push_back(forecaster.forecast(next.kind, next.features, terms(weight)));
    }
    return told;
}

}  // namespace

TEST_CASE("what was kept tells the same as what was learnt anew, and goes on learning alike") {
    for (const int before : {1, 5, 40, 250}) {
        CAPTURE(before);
        Rng rng(3);
        const auto learnt = fresh(), kept = fresh();
        for (int at = 0; at < before; ++at) learnt->learn(next_of(rng));
        REQUIRE(kept->restore(learnt->state()));
        CHECK(told_by(*kept) == told_by(*learnt));
        for (int at = 0; at < 40; ++at) {
            const Observation next = next_of(rng);
            learnt->learn(next);
            kept->learn(next);
        }
        CHECK(told_by(*kept) == told_by(*learnt));
    }
}

TEST_CASE("a state that was cut off or made longer is no state, and the forecaster can still learn from the start") {
    Rng rng(3);
    const auto learnt = fresh();
    for (int at = 0; at < 30; ++at) learnt->learn(next_of(rng));
    const std::string state = learnt->state();
    for (const std::string& damaged : {state.substr(0, state.size() / 2), state + "x", std::string("x")}) {
        const auto other = fresh();
        CHECK_FALSE(other->restore(damaged));
        Rng again(3);
        for (int at = 0; at < 30; ++at) other->learn(next_of(again));
        CHECK(told_by(*other) == told_by(*learnt));
    }
}

// Should this fail, what is learnt or how it is kept has changed: raise models_version and put the new size here, so
// that what older builds kept is learnt anew.
TEST_CASE("the version of kept models goes with their form") {
    Rng rng(3);
    const auto learnt = fresh();
    for (int at = 0; at < 30; ++at) learnt->learn(next_of(rng));
    CHECK(models_version == 3);
    CHECK(learnt->state().size() == 91011);
}
