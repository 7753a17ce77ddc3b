// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/shape/notice_rule.h"

#include <algorithm>

namespace plimsoll::shape {
namespace {

// So fast need rises at the most: what a core can touch, or read from a fast disk, in a second.
constexpr Bytes steepest_rise_per_s{1 << 30};

Duration time_to_reach(Bytes gap) { return from_seconds(gap / steepest_rise_per_s); }

}  // namespace

void NoticeRule::set_mark(Bytes mark) {
    mark_ = mark;
    pause_ = least_pause;
    due_ = Instant::max();
    if (not_before_ != Instant::min()) not_before_ = std::min(not_before_, looked_ + least_pause);
}

void NoticeRule::on_notice(Instant now) { due_ = std::min(due_, std::max(now, not_before_)); }

bool NoticeRule::look(const machine::CgroupMemory& memory, Instant now) {
    due_ = Instant::max();
    looked_ = now;
    const bool is_pressed = memory.is_stalled || (mark_ > Bytes{} && memory.need >= mark_);
    not_before_ = now + (is_pressed ? pause_ : least_pause);
    pause_ = is_pressed ? std::min(pause_ * 2, longest_pause) : least_pause;
    if (!is_pressed && mark_ > Bytes{} && memory.usage >= mark_)
        due_ = now + std::clamp(time_to_reach(mark_ - memory.need), least_pause, longest_pause);
    return is_pressed;
}

}  // namespace plimsoll::shape
