// SPDX-License-Identifier: Apache-2.0
// What makes a task's command another command: its text with the allotment left open, shell, working
// directory, environment, bindings, the names (never the values) of its secrets, and the image it runs in.
#pragma once

#include "plimsoll/base/hash.h"
#include "plimsoll/model/task.h"

namespace plimsoll::workflow {

/// Another number of threads or amount of memory gives the same hash; so does another request, timeout or
/// priority. Stable across versions: it is kept in receipts.
Hash128 command_hash(const Task& task);

}  // namespace plimsoll::workflow
