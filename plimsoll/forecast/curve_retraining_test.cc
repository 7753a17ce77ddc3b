// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/curve_retraining.h"

#include <doctest/doctest.h>

#include <functional>
#include <vector>

#include "plimsoll/forecast/curve_model.h"

using namespace plimsoll;
using namespace plimsoll::forecast;

namespace {

/// 100 s; low until so many seconds, then its peak.
KeptRun steps_up_at(double second, double low) {
    CurveRun run{.x = 1, .runtime_s = 100, .peak = 1e9};
    for (std::size_t at = 0; at < curve_cells; ++at)
        run.memory[at] = 100.0 * static_cast<double>(at) / curve_cells < second ? static_cast<float>(low) : 1;
    return kept(run);
}

CurveMaterial material(std::vector<KeptRun> runs) {
    CurveMaterial material{.runs = std::move(runs), .expected_s = {}, .learnt = 0, .overrun = {}};
    material.expected_s.assign(material.runs.size(), 100);
    material.learnt = material.runs.size();
    return material;
}

/// Kept until the test lets go of it.
class Later final : public Background {
public:
    void run(std::function<void()> work) override { waiting_.push_back(std::move(work)); }
    void let_go() {
        for (const auto& work : waiting_) work();
        waiting_.clear();
    }
    std::size_t waiting() const { return waiting_.size(); }

private:
    std::vector<std::function<void()>> waiting_;
};

Profile two_phases() {
    Profile profile;
    profile.segments = {{.until = from_seconds(60), .memory = 100_MiB, .cpu = 1_cores},
                        {.until = from_seconds(100), .memory = 1000_MiB, .cpu = 1_cores}};
    profile.memory_peak = 1000_MiB;
    profile.runtime = profile.cpu = from_seconds(100);
    return profile;
}

}  // namespace

// What was chosen before holds a tenth more than was ever used and begins phases 30 s early: on steady runs any choice
// with less room costs less, on those held back as well.
TEST_CASE("a choice that costs less on the runs held back replaces the one before") {
    CurveMaterial steady = material(std::vector<KeptRun>(24, steps_up_at(60, 0.2)));
    CurveChoice lavish;
    lavish.margins = {.widened = 0.3, .above = 0, .room = 0.1, .by_amount = false};
    steady.before = lavish;
    CHECK(choose_curve(steady).choice != lavish);
}

// The first 18 step up at 80 s: a choice made of them without margins kills the 6 held back, which step up at 50 s and
// which what was chosen before, begun 40 s early, covers.
TEST_CASE("a choice that costs more on the runs held back does not, and the levels still follow the newest runs") {
    std::vector<KeptRun> runs(18, steps_up_at(80, 0.2));
    runs.insert(runs.end(), 6, steps_up_at(50, 0.2));
    CurveMaterial moved = material(runs);
    CurveChoice careful;
    careful.margins = {.widened = 0.4, .above = 0, .room = 0.1, .by_amount = false};
    moved.before = careful;
    const ChosenCurve chosen = choose_curve(moved);
    CHECK(chosen.choice == careful);
    CHECK(chosen.levels.front().shares[curve_cells / 5] == 1);  // 40 s before 50 s: from 10 s on
}

TEST_CASE("few runs are too few to hold any back: the cheapest choice is taken") {
    CurveMaterial few = material(std::vector<KeptRun>(5, steps_up_at(60, 0.2)));
    CurveChoice lavish;
    lavish.margins = {.widened = 0.3, .above = 0, .room = 0.1, .by_amount = false};
    few.before = lavish;
    const CurveChoice chosen = choose_curve(few).choice;
    few.before.reset();
    CHECK(choose_curve(few).choice == chosen);
}

TEST_CASE("what is chosen in the background comes when it is done, and is what would have been chosen in line") {
    Later later;
    InLine at_once;
    QuantityModel runtime{{.probability = 0.95, .by_input = true}};
    CurveModel waits(&later), is_told(&at_once);
    for (int run = 0; run < 3; ++run) {
        runtime.learn(1, 100);
        waits.learn(1, two_phases(), runtime);
        is_told.learn(1, two_phases(), runtime);
    }
    const CurveModel::Task task{.x = 1, .expected_s = 100, .peak = 1e9};
    CHECK(waits.curve(runtime, task, {}).parts.empty());
    CHECK(later.waiting() == 1);  // one at a time
    later.let_go();
    const auto told = waits.curve(runtime, task, {}).parts, in_line = is_told.curve(runtime, task, {}).parts;
    REQUIRE(told.size() == in_line.size());
    REQUIRE(told.size() >= 2);
    for (std::size_t at = 0; at < told.size(); ++at) CHECK(told[at].memory == in_line[at].memory);
}

TEST_CASE("on other terms there is no curve until one was chosen for them") {
    Later later;
    QuantityModel runtime{{.probability = 0.95, .by_input = true}};
    CurveModel curve(&later);
    for (int run = 0; run < 3; ++run) {
        runtime.learn(1, 100);
        curve.learn(1, two_phases(), runtime);
    }
    later.let_go();
    const CurveModel::Task task{.x = 1, .expected_s = 100, .peak = 1e9};
    const Overrun grown{.failure_weight = 1, .growth_s = 2};
    CHECK_FALSE(curve.curve(runtime, task, {}).parts.empty());
    CHECK(curve.curve(runtime, task, grown).parts.empty());
    later.let_go();
    CHECK_FALSE(curve.curve(runtime, task, grown).parts.empty());
}
