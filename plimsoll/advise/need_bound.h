// SPDX-License-Identifier: Apache-2.0
// NeedBound: one amount to ask for in every task of a kind (memory or time), such that a stated share of them stays
// under it. It is the forecaster's conformal bound over the peaks that are known (forecast/quantity_model.h), or, where
// a failed task has a price instead, its replayed cost (forecast/peak_model.h); input sizes play no part, for who asks
// a queue for memory writes one number.
//
// Tasks that were stopped at a limit are in no record of peaks, though they needed the most: they count as needing more
// than they had. Where more of them than the share allows for were stopped above the bound, it is twice what the
// largest of the others had, and promises nothing.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

#include "plimsoll/forecast/peak_model.h"
#include "plimsoll/forecast/quantity_model.h"

namespace plimsoll::advise {

class NeedBound {
public:
    /// `risk`: what a failed task weighs (forecast::Terms::failure_weight), instead of the share.
    NeedBound(double share, std::optional<double> risk);

    /// A task needed so much, and ran so long.
    void finished(double need, double runtime_s);
    /// A task was stopped at so much: it needs more, nobody knows how much.
    void stopped(double limit);
    /// It was tried again since: that tells more.
    void forget_stop(double limit);
    std::size_t samples() const { return known_.samples(); }

    struct Bound {
        double amount = 0;
        bool promised = false;  ///< does the share hold by construction?
    };
    /// Nothing before the first task.
    std::optional<Bound> bound() const;
    /// The middle of what is known, with at least one sample.
    double typical() const { return known_.estimate(0).p50; }

private:
    double share_;
    std::optional<double> risk_;
    forecast::QuantityModel known_;
    forecast::PeakModel cost_;
    std::deque<double> stops_;    ///< oldest first
    std::vector<double> limits_;  ///< the same, largest first
};

}  // namespace plimsoll::advise
