// SPDX-License-Identifier: Apache-2.0
// Who gets the memory that is free when running attempts want more than there is: some wait, frozen, so that
// others can finish and give theirs back.
//
// If everybody were given a little of what is left, all would soon stand still, each short of the rest (the
// deadly embrace; Dijkstra's banker, EWD 108). So attempts are ranked; what the first of them may still come to
// need is kept for it, and the others get what is beyond. When it is done, its memory serves the next.
#pragma once

#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "plimsoll/base/time.h"
#include "plimsoll/base/units.h"
#include "plimsoll/model/task.h"

namespace plimsoll::shape {

/// A running attempt as the division sees it.
struct Holder {
    AttemptId attempt;
    Bytes held{};
    Bytes wanted{};    ///< `held` when that is enough
    Bytes most{};      ///< what it may come to need as far as anybody can tell; a guess, exceeded now and then
    double worth = 0;  ///< what a second of its waiting costs, in any unit; the highest is ranked first
    Instant started{};
    double spent = 0;  ///< what ending it would throw away, in any unit
    bool is_frozen = false;
};

struct Division {
    std::vector<std::pair<AttemptId, Bytes>> held;  ///< what each whose amount changes holds from now on
    std::vector<AttemptId> freeze;                  ///< the least worth first
    std::vector<AttemptId> thaw;
    std::optional<AttemptId> first;  ///< of those that go on, the first in rank
    std::optional<AttemptId> end;    ///< all wait and none can be given what it wants: this one has to make room
    bool operator==(const Division&) const = default;
};

/// Divides what is free; where nobody could go on, the first takes what there is, though it wants more. Of equal
/// worth, who started first goes first: a rank that waiting cannot change; then the lower attempt.
Division divide(Bytes free, std::span<const Holder> holders);

}  // namespace plimsoll::shape
