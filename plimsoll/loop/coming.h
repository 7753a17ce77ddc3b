// SPDX-License-Identifier: Apache-2.0
// Tasks that come next: those that wait for what runs now.
#pragma once

#include <set>

#include "plimsoll/loop/books.h"

namespace plimsoll::loop {

/// Of tasks that need one that runs and wait, a few: room is kept, and inputs are read, for no more at a time.
std::set<TaskId> waiting_for_running(const Books& books);

}  // namespace plimsoll::loop
