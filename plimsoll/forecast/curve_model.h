// SPDX-License-Identifier: Apache-2.0
// CurveModel: how memory and cores of one kind go over a task's own time, on one machine.
//
// The last runs are laid over each other twice: in shares of the runtime that was to be expected of each, and in
// seconds since the start. Phases that move with the input smear on the one axis, phases of a fixed length on the
// other. Which of the two is taken, and with what margins in time and in amount, is chosen by what it would have cost
// those runs themselves (`curve_choice.h`), in the background, and replaced when a new choice is better
// (`curve_retraining.h`).
#pragma once

#include <deque>
#include <future>
#include <optional>
#include <vector>

#include "plimsoll/base/background.h"
#include "plimsoll/forecast/curve_retraining.h"
#include "plimsoll/forecast/quantity_model.h"
#include "plimsoll/model/profile.h"

namespace plimsoll::forecast {

/// A stretch of a task's own time, from the end of the one before.
struct CurvePart {
    double until_s = 0;
    double memory = 0;  ///< share of the peak
    double cores = 0;   ///< share of the mean over the whole run; may be above 1
};

struct TaskCurve {
    std::vector<CurvePart> parts;  ///< the last ends when the task is expected to; empty: nothing is known of its shape
    GrowthRule growth;             ///< for a task that needs more than that
};

/// Where much is learnt at once, what costs milliseconds is chosen once, at its end.
enum class Choosing { when_due, put_off };

class CurveModel {
public:
    static constexpr std::size_t least_runs = 3;  ///< fewer agree by chance
    static constexpr std::size_t most_parts = 8;  ///< each is a line in the calendar

    /// `background` outlives this; null where nothing is ever learnt. `expected`: the terms that are to be asked for
    /// first.
    explicit CurveModel(Background* background, const Overrun& expected = {})
        : background_(background), asked_for_(expected) {}

    /// A finished run. One whose use over time is not known is left out. `runtime` is the model of the runs' own
    /// machine, as it stands.
    void learn(double x, const Profile& profile, const QuantityModel& runtime, Choosing when = Choosing::when_due);
    /// What was put off.
    void choose_if_due(const QuantityModel& runtime);
    struct Task {
        double x = 0;  ///< bytes of input
        double expected_s = 0;
        double peak = 0;  ///< bytes
    };
    /// The curve follows what is learnt at some distance. Empty where nothing has been chosen yet.
    TaskCurve curve(const QuantityModel& runtime, const Task& task, const Overrun& overrun) const;

    /// What is being chosen just now is not kept: models are kept where that is done in line.
    template <class Archive>
    void members(Archive& archive) {
        archive(runs_, learnt_, asked_for_, chosen_);
    }

private:
    bool is_due() const;
    /// Hands in a choice, unless one is under way.
    void retrain(const QuantityModel& runtime, const Overrun& overrun) const;
    void take_retrained() const;

    Background* background_;
    std::deque<KeptRun> runs_;  ///< oldest first
    std::size_t learnt_ = 0;
    mutable Overrun asked_for_;
    mutable std::optional<ChosenCurve> chosen_;  ///< for the terms that were asked for last
    mutable std::future<ChosenCurve> retrained_;
};

}  // namespace plimsoll::forecast
