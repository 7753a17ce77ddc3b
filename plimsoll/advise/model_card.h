// SPDX-License-Identifier: Apache-2.0
// ModelCard: what is known of one kind of task, and how well what was said of it has held. Each finished attempt is
// first forecast from those before it, then compared, then learnt: nothing is judged by what it was learnt from.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "plimsoll/forecast/kind_model.h"
#include "plimsoll/model/forecast.h"

namespace plimsoll::advise {

/// The kind's tasks need other amounts than they used to: ten in a row needed more, or less, than the middle of what
/// was said before each, by a tenth and more in the middle. By chance ten alike come once in 512 tens.
struct Drift {
    double factor = 1;          ///< the middle of need / what was said
    std::size_t tasks_ago = 0;  ///< since the last of those ten: what came later agrees again
    bool operator==(const Drift&) const = default;
};

struct ModelCard {
    TaskKind kind;
    std::size_t samples = 0;          ///< finished attempts whose memory is known
    std::size_t stopped = 0;          ///< that ran out of memory: known to need more than they had
    double typical = 0;               ///< bytes, of a task with the middle of the inputs seen
    bool inputs_differ = false;       ///< by half and more: else nothing is known of growth
    std::optional<double> growth;     ///< bytes of peak for a byte of input; none: it does not grow
    std::optional<Estimate> promise;  ///< bytes that a stated share stays under, at that input; and the share that did
    std::optional<double> held;       ///< share of reservations, at the usual risk, that were enough
    std::string model;                ///< what says the reservation
    std::optional<Drift> drift;       ///< the last one
};

class CardMaker {
public:
    explicit CardMaker(TaskKind kind);
    /// In the order in which they ended.
    void take(const Observation& observation);
    ModelCard card() const;

private:
    /// A share that is told only where enough was seen to make one.
    struct Kept {
        std::size_t held = 0, judged = 0;
        void add(bool is_held) { held += is_held, ++judged; }
        std::optional<double> share() const;
    };
    void judge(const Observation& observation, double peak);
    void look_for_drift();
    std::optional<double> growth(double low, double high) const;

    TaskKind kind_;
    forecast::KindModel model_;
    std::vector<double> inputs_;   ///< bytes, of finished tasks
    std::deque<double> last_off_;  ///< log(need / said) of the last ten
    Kept promises_, reservations_;
    std::size_t stopped_ = 0;
    std::optional<Drift> drift_;
};

/// "142 earlier runs of samtools sort; peak grows 3.1 bytes per input byte; 95 % stay under 812 MiB, measured 95.6 %"
std::string in_words(const ModelCard& card);

}  // namespace plimsoll::advise
