// SPDX-License-Identifier: Apache-2.0
// Outcome -> is the task tried again, and what differs then. Retry by cause: out of memory raises memory
// only, a timeout raises time only; what was lost with its node, or whose input changed, runs again as it was, each
// with a count of its own.
#pragma once

#include <string>

#include "plimsoll/loop/task_table.h"
#include "plimsoll/model/limits.h"
#include "plimsoll/model/outcome.h"
#include "plimsoll/model/profile.h"

namespace plimsoll::loop {

struct Verdict {
    bool try_again = false;
    std::string reason;  ///< "out of memory at 512 MiB (1 of 3)", "failed 2 times, retry allows 1"
};

/// How an attempt ended.
struct End {
    const Outcome& outcome;
    Bytes limit{};     ///< the memory it was held to
    Duration after{};  ///< its own time
};

/// Counts the end into `tries` and judges. `machine` is the most memory there is: a task that ran out of memory with
/// all of it is not tried again.
Verdict judge(const End& end, const Retry& retry, Tries& tries, Bytes machine);

/// Did it fail at its limit on memory? The kernel of v1 holds it there instead of killing it, and what cannot be held
/// fails (a read into fresh memory, a fork, a write to tmpfs): most programs then end by themselves. Page cache alone
/// says nothing; so need has to be beyond what was held for it, and at the limit, as near as need can be measured.
bool failed_at_limit(const Outcome& outcome, const Profile& profile, const Limits& limits);

/// The limit on the next attempt: the user's timeout, doubled for every attempt that ran into it.
std::optional<Duration> time_limit(const Step& step, const Tries& tries);

}  // namespace plimsoll::loop
