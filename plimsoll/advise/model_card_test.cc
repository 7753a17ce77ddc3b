// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/advise/model_card.h"

#include <doctest/doctest.h>

#include <cmath>

#include "plimsoll/base/random.h"

using namespace plimsoll;
using advise::CardMaker;
using advise::ModelCard;

namespace {

const TaskKind sort_kind{"rna", "sort", "samtools sort"};

Observation finished(double input, double peak) {
    Observation seen{.kind = sort_kind};
    seen.features.input_bytes = {std::llround(input)};
    seen.features.input_count = 1;
    seen.profile.memory_peak = {std::llround(peak)};
    seen.profile.runtime = std::chrono::seconds(10);
    return seen;
}

constexpr double mb = 1e6;

/// Peaks of 50 MB and 3 bytes for a byte of input, give or take a tenth; inputs from 10 to 100 MB.
ModelCard of_a_line(int tasks, double then_times = 1, int after = 1 << 30) {
    CardMaker maker(sort_kind);
    Rng rng(7);
    for (int at = 0; at < tasks; ++at) {
        const double input = (10 + 90 * rng.uniform()) * mb;
        const double peak = (50 * mb + 3 * input) * (0.9 + 0.2 * rng.uniform());
        maker.take(finished(input, at >= after ? then_times * peak : peak));
    }
    return maker.card();
}

}  // namespace

TEST_CASE("a card tells samples, growth with the input, and a promise with the share that kept it") {
    const ModelCard card = of_a_line(200);
    CHECK(card.samples == 200);
    REQUIRE(card.growth);
    CHECK(*card.growth == doctest::Approx(3).epsilon(0.15));
    REQUIRE(card.promise);
    CHECK(card.promise->stated == 0.95);
    // 195 judged: 95 % within three standard deviations of 1.6 %.
    REQUIRE(card.promise->measured);
    CHECK(*card.promise->measured > 0.90);
    CHECK(card.held);
    CHECK_FALSE(card.drift);
}

TEST_CASE("a kind that came to need more is told, and how long ago") {
    const ModelCard card = of_a_line(150, 2.0, 120);
    REQUIRE(card.drift);
    CHECK(card.drift->factor > 1.1);
    CHECK(card.drift->tasks_ago < 25);
}

TEST_CASE("of little nothing is promised, and no share is made of a few") {
    const ModelCard card = of_a_line(3);
    CHECK(card.samples == 3);
    CHECK_FALSE(card.promise);
    CHECK_FALSE(card.held);
    CHECK(advise::in_words(of_a_line(0)) == "no finished run of samtools sort yet");
}

TEST_CASE("one that ran out of memory is counted apart, and no peak is taken from it") {
    CardMaker maker(sort_kind);
    Observation stopped = finished(10 * mb, 64 * mb);
    stopped.ending = Ending::out_of_memory;
    maker.take(stopped);
    CHECK(maker.card().samples == 0);
    CHECK(maker.card().stopped == 1);
}

TEST_CASE("in words: what is known, what it grows with, what stays under what") {
    ModelCard card{.kind = sort_kind, .samples = 142, .growth = 3.1};
    card.promise = Estimate{.p50 = 0, .bound = 812.0 * (1 << 20), .stated = 0.95, .measured = 0.956};
    CHECK(advise::in_words(card) ==
          "142 earlier runs of samtools sort; peak grows 3.1 bytes per input byte; 95 % stay under 812 MiB, measured "
          "95.6 %");
    ModelCard flat{.kind = sort_kind, .samples = 1, .typical = 64.0 * (1 << 20)};
    CHECK(advise::in_words(flat) ==
          "1 earlier run of samtools sort; peak is about 64.0 MiB; too few to promise a bound");
    flat.inputs_differ = true;
    CHECK(advise::in_words(flat).find("about 64.0 MiB, whatever the input;") != std::string::npos);
    flat.kind.tool = "python3 _";  // a script that differs from task to task
    CHECK(advise::in_words(flat).starts_with("1 earlier run of python3;"));
    card.growth = 0.0017;
    card.kind.tool = card.kind.step;  // imported: no command line
    CHECK(advise::in_words(card).starts_with("142 earlier runs; peak grows 1.7 MiB per GiB of input;"));
    card.drift = advise::Drift{.factor = 1.5, .tasks_ago = 0};
    CHECK(advise::in_words(card).ends_with("; lately they came to need 1.5 times as much"));
    card.drift->tasks_ago = 4;
    CHECK(advise::in_words(card).ends_with("; 4 runs ago they came to need 1.5 times as much"));
}
