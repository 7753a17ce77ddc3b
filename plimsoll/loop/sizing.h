// SPDX-License-Identifier: Apache-2.0
// Sizing: what each task of the run asks for, and what a step is taken to need before its inputs are looked at.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "plimsoll/loop/books.h"
#include "plimsoll/schedule/granularity.h"
#include "plimsoll/workflow/workspace.h"

namespace plimsoll::loop {

class Sizing {
public:
    /// What a task is taken to hold before its inputs are known.
    struct Typical {
        Resources amounts;
        Duration runtime{}, takes{};  ///< as reserved, and typically
        Bytes leaves{};               ///< written, typically
    };

    /// The books outlive it.
    explicit Sizing(const Books& books) : books_(books) {}

    /// What a task of this step is taken to need before its inputs are looked at.
    Forecast forecast_of(const Step& step) const;
    /// Likewise, kept until `forget_typical`.
    const Typical& typical_of(const Step& step);
    /// Seconds; 1 where nothing is known: the way is then as long as it has steps.
    double typical_runtime(const Step& step) const;
    SizingTerms terms(const Step& step) const;

    /// What the next attempt asks for. The next of a step mostly asks for what the one before it did, as long as
    /// nothing was learnt in between.
    Ask ask(const TaskTable::Entry& entry, const Features& features);
    /// Something was learnt.
    void note_learnt() { last_.reset(); }
    void forget_typical() { typical_.clear(); }

    /// Why a task of that size could never start; "" where it could.
    std::string cannot_hold(const Step& step, const Resources& amounts) const;
    /// What is known of a task that may be split and of parts of it, from past runs of the step, whole or in parts.
    schedule::Divisible divisible(TaskId id, const workflow::Freshness& fresh) const;

private:
    const Books& books_;
    std::unordered_map<const Step*, Typical> typical_;
    std::optional<SizedAs> last_;  ///< since something was learnt last
};

}  // namespace plimsoll::loop
