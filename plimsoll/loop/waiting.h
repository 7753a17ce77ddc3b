// SPDX-License-Identifier: Apache-2.0
// What a run that stands still tells its user: which task waits for what, who has it, and what can be done.
#pragma once

#include <string>
#include <string_view>

#include "plimsoll/machine/capacity.h"
#include "plimsoll/model/resources.h"

namespace plimsoll::loop {

/// Nothing of this run is running, and the first task in line asks for more than the run may hold.
struct Waiting {
    std::string_view task;    ///< its name
    Resources ask;            ///< what it would be given
    Resources may_hold;       ///< by this run, at present
    Resources total;          ///< by this run, were it alone
    machine::Others others;   ///< who has the rest
    bool is_request = false;  ///< the ask is the user's own word, not learned
};

/// One sentence on the first kind that is short, and one on the remedy. Where nothing is short (it was free a moment
/// ago), just that it waits.
std::string waiting_reason(const Waiting& waiting);

}  // namespace plimsoll::loop
