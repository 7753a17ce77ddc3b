// SPDX-License-Identifier: Apache-2.0
// Coverage: how often bounds that were said beforehand did hold, over the last instances. The only source
// of `Estimate::measured`.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>

namespace plimsoll::forecast {

class Coverage {
public:
    void add(bool held) {
        held_.push_back(held);
        count_ += held;
        if (held_.size() <= window) return;
        count_ -= held_.front();
        held_.pop_front();
    }
    /// The share that held; nothing below `least` bounds, of which a share says little.
    std::optional<double> share() const {
        if (held_.size() < least) return std::nullopt;
        return static_cast<double>(count_) / static_cast<double>(held_.size());
    }

    template <class Archive>
    void members(Archive& archive) {
        archive(held_, count_);
    }

private:
    static constexpr std::size_t window = 400;
    static constexpr std::size_t least = 10;
    std::deque<bool> held_;
    std::size_t count_ = 0;
};

}  // namespace plimsoll::forecast
