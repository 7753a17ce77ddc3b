// SPDX-License-Identifier: Apache-2.0
// When an attempt's memory is looked at after the kernel's notices, and whether the look is worth telling.
//
// The kernel tells when usage passes a mark, and usage has page cache in it, which wanders up and down for ever
// and costs nobody anything. So a notice is only a reason to look; need decides. While cache holds usage above the
// mark the kernel has nothing more to tell: then need is looked at as often as it may come to the mark.
#pragma once

#include "plimsoll/base/time.h"
#include "plimsoll/machine/cgroup_memory.h"

namespace plimsoll::shape {

class NoticeRule {
public:
    explicit NoticeRule(Bytes mark) : mark_(mark) {}

    Bytes mark() const { return mark_; }
    /// From here on need is compared with this mark; 0 is none, a stall is told all the same.
    void set_mark(Bytes mark);
    /// The kernel has given notice.
    void on_notice(Instant now);
    /// When it is to be looked at; Instant::max() while the kernel's next notice is enough.
    Instant due() const { return due_; }
    /// Takes in what a look has found. True: tell.
    bool look(const machine::CgroupMemory& memory, Instant now);

private:
    Bytes mark_;
    Instant due_ = Instant::max();
    Instant not_before_ = Instant::min();
    Instant looked_ = Instant::min();
    Duration pause_ = least_pause;

    /// So often an attempt is looked at, and told, at the most; less often when nobody acts on what was told.
    static constexpr Duration least_pause = std::chrono::milliseconds(50);
    static constexpr Duration longest_pause = std::chrono::seconds(1);
};

}  // namespace plimsoll::shape
