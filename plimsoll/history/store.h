// SPDX-License-Identifier: Apache-2.0
// Store: where the loop writes what happened. Append-only; what was appended is safe once a commit
// covers it, and only then may it be reported. SQLite in live runs (Database), memory in simulation.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "plimsoll/base/result.h"
#include "plimsoll/model/decision.h"
#include "plimsoll/model/receipt.h"
#include "plimsoll/model/run.h"

namespace plimsoll::history {

struct AttemptStarted { AttemptRecord attempt; };
struct AttemptEnded { AttemptRecord attempt; };  ///< outcome and profile filled in; replaces the started one
struct TaskChanged { TaskRecord task; };         ///< a task that joined, or came out
/// The task is done: `receipt` says what made it so. Written with its AttemptEnded in one commit.
struct TaskSealed { TaskId task = 0; Receipt receipt; };
struct Decided { Decision decision; };
struct RunEnded { RunState state = RunState::finished; WallTime at{}; };

using Entry = std::variant<AttemptStarted, AttemptEnded, TaskChanged, TaskSealed, Decided, RunEnded>;

class Store {
public:
    virtual ~Store() = default;
    /// Takes the entry; it is durable once `durable_through()` reaches the number returned.
    virtual std::uint64_t append(Entry entry) = 0;
    /// Makes everything appended durable before it returns. An error leaves the entries queued; the next
    /// call tries again, so that a full disk that is cleaned up loses nothing.
    virtual Result<void> commit() = 0;
    virtual std::uint64_t durable_through() const = 0;
};

}  // namespace plimsoll::history
