// SPDX-License-Identifier: Apache-2.0
// AtLeast: what attempts that were ended before they were done say. A kill at 4 GiB says "more than 4 GiB",
// not "4 GiB": it is no instance to learn from, but a floor for the same or larger inputs until one of
// those has finished and shown its true need.
#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <optional>

namespace plimsoll::forecast {

class AtLeast {
public:
    void stopped(double x, double limit) {
        stops_.push_back({x, limit, true});
        if (stops_.size() > most) stops_.pop_front();
    }
    /// An instance with input x has finished: what it needed is known, smaller stops are answered.
    void finished(double x) {
        for (Stop& stop : stops_) stop.open &= stop.x > x;
    }
    /// The highest limit that stopped an input of x or less and is not answered yet.
    std::optional<double> floor(double x) const {
        std::optional<double> limit;
        for (const Stop& stop : stops_)
            if (stop.x <= x && stop.open) limit = std::max(limit.value_or(stop.limit), stop.limit);
        return limit;
    }

    template <class Archive>
    void members(Archive& archive) {
        archive(stops_);
    }

private:
    struct Stop {
        double x = 0, limit = 0;
        bool open = true;
    };
    static constexpr std::size_t most = 64;
    std::deque<Stop> stops_;
};

}  // namespace plimsoll::forecast
