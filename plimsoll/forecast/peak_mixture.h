// SPDX-License-Identifier: Apache-2.0
// PeakMixture: the next peak of one kind as a distribution, from how far off each predictor was for inputs like this
// one, and the first attempt that is expected to cost least under it.
//
// Each instance is kept with what every predictor had said before it. Asked about an input, a predictor's word times
// each past ratio (peak / word) is a likely peak; recent instances and those with an input of similar size weigh more,
// and long ones as much as they are long, since that is what holding too much or too little costs. A few peaks that
// were never seen stand beside them. The predictors' distributions are then laid over each other, each weighted by how
// cheap a first attempt would be if it alone were right: one that is sure here speaks louder, none is followed blindly.
//
// Where the replayed choice (peak_model.h) takes one predictor and one factor for all inputs, this one is sharp for
// inputs at which the peaks are steady and careful elsewhere. It needs some instances, and knows nothing of inputs
// beyond those seen.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "plimsoll/forecast/likely_peaks.h"
#include "plimsoll/forecast/predictor.h"
#include "plimsoll/forecast/replayed_cost.h"
#include "plimsoll/forecast/window.h"

namespace plimsoll::forecast {

/// What the bench chooses anew with each workflow left out (docs/design/sizing.md).
struct MixtureConstants {
    double like_log = 0.7;     ///< inputs this far apart in the logarithm weigh half
    double sharpness = 4;      ///< a predictor that is twice as dear weighs a sixteenth
    double remembered = 0.96;  ///< of an instance's weight, from one to the next
    double half = 8;           ///< instances at which the mixture weighs as much as the replayed choice
    /// Of the failure weight: the mixture sees how uncertain each input is, the replay puts a reserve for that into its
    /// factor.
    double penalty = 0.5;
    bool operator==(const MixtureConstants&) const = default;
};

class PeakMixture {
public:
    explicit PeakMixture(const MixtureConstants& constants = {}) : constants_(constants) {}
    /// The instance has come, of which that had been said. Where the last few all came out higher than nearly all
    /// before them, or all lower, the kind has changed: those before are forgotten.
    void add(const Words& said, const Instance& instance);
    std::size_t size() const { return past_.size(); }

    struct Asked {
        Words words{};              ///< about the input
        Words spreads{};            ///< how far off the predictor is in general, in units of a twelfth
        double log_x = 0;           ///< of the input
        double penalty_weight = 0;  ///< of what a failed task costs beside
        double time_to_failure = 1;
    };
    struct Choice {
        double bound = 0;
        Predictor predictor = Predictor::median;  ///< the one that weighs most
    };
    /// `window`: the kind's, with at least one instance.
    Choice choose(const Asked& asked, const Window& window) const;

    template <class Archive>
    void members(Archive& archive) {
        archive(past_, next_);
        for (std::vector<Ratio>& ratios : ascending_) archive(ratios);
    }

private:
    struct Past {
        double log_x = 0, runtime_s = 0;
        std::uint32_t number = 0;  ///< the how-manieth instance
    };
    struct Ratio {
        double ratio = 1;  ///< peak / word
        std::uint32_t number = 0;
    };
    bool changed() const;
    void forget(std::size_t count);
    /// How much an instance counts for one input: probability x seconds, and what failing costs beside.
    struct Weighed {
        double weight = 0, penalty = 0, penalty_fixed = 0;
    };
    static constexpr std::size_t past_most = 100;
    using WeighedPast = std::array<Weighed, past_most>;
    static constexpr std::size_t likely_most = past_most + unseen_peaks.size();  ///< of one predictor
    using LikelyPeaks = std::array<LikelyPeak, likely_most>;
    WeighedPast weighed(const Asked& asked) const;
    std::span<LikelyPeak> likely(std::size_t predictor, const Asked& asked, const Window& window,
                                 const WeighedPast& weighed, LikelyPeaks& room) const;

    MixtureConstants constants_;
    std::deque<Past> past_;                                      ///< oldest first
    std::array<std::vector<Ratio>, predictor_count> ascending_;  ///< of each predictor
    std::uint32_t next_ = 0;
};

}  // namespace plimsoll::forecast
