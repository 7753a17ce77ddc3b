// SPDX-License-Identifier: Apache-2.0
// How an attempt ended, and what that says about its need.
#pragma once

#include <string>
#include <string_view>

#include "plimsoll/base/result.h"

namespace plimsoll {

enum class Ending {
    finished,
    exit,            ///< a non-zero exit code
    signal,          ///< a signal that was not ours
    out_of_memory,   ///< the kernel's own count says so, or it failed where it stood at its limit (`detail`)
    timeout,         ///< ended by us at the user's timeout or at the reserved time under a hard limit
    cancelled,       ///< ended by us on the user's word
    missing_output,  ///< exit 0, but a declared output is not there
    preempted,       ///< ended by us to make room; runs again, is not counted as tried
    lost,            ///< the runner died, or the machine: nobody saw the end
    input_changed,   ///< an input changed while it ran: the result is not trusted; runs again
    not_started,     ///< the command could not be started (no such program, no permission)
};
constexpr int ending_count = 11;

struct Outcome {
    Ending ending = Ending::finished;
    int code = 0;        ///< exit code, or signal number
    std::string detail;  ///< for people: which output is missing, why it could not start
    bool operator==(const Outcome&) const = default;
};

/// The names of outputs.md: "finished", "exit", "out_of_memory", ...
std::string_view name_of(Ending ending);
Result<Ending> parse_ending(std::string_view name);
/// "exit code 1", "killed by SIGSEGV", "out of memory", "missing output out/a.bam".
std::string describe(const Outcome& outcome);

/// Is the measured peak only a lower bound of the need? (The attempt was stopped before it was done.)
bool is_censored(Ending ending);

}  // namespace plimsoll
