// SPDX-License-Identifier: Apache-2.0
// Granularity: into how many parts a task is split so that it is done soonest. Each part pays the start-up once more;
// few parts end at different times and leave places idle; large ones may not fit side by side.
//
//     done after about    rounds x (start-up + work / parts)  +  what the slowest comes later
//
// As long as nobody knows what of the runtime is start-up, two parts for each place, one of them twice the size of the
// other: that costs one start-up more than the least, evens the ends out, and tells start-up from work for
// the next time.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "plimsoll/model/resources.h"

namespace plimsoll::schedule {

/// A task that may be split, as far as it is known.
struct Divisible {
    std::optional<double> whole_s;                 ///< how long it typically takes in one piece
    std::optional<double> start_up_s;              ///< of that, what each part takes whatever its size
    double spread = 0;                             ///< of runtimes, as a share of them
    double join_s = 0;                             ///< what joining the parts takes
    std::function<Resources(double share)> needs;  ///< what a part of this share of the input holds
    Resources room;                                ///< the most that its parts can hold together
    int parts = 0;                                 ///< the user's word; 0: none
};

struct Granularity {
    std::vector<double> shares;    ///< of each part, adding up to 1; one: it is not split
    int side_by_side = 1;          ///< so many of them run at once
    std::optional<double> done_s;  ///< what it is taken to take; nothing where nothing is known
    std::string reason;            ///< for people
};

Granularity granularity(const Divisible& task);

}  // namespace plimsoll::schedule
