// SPDX-License-Identifier: Apache-2.0
// Store: where the loop writes what happened. Append-only; what was appended is safe once it is durable,
// and only then may it be reported. SQLite in live runs (RunWriter), memory in simulation (MemoryStore).
#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "plimsoll/base/result.h"
#include "plimsoll/model/decision.h"
#include "plimsoll/model/receipt.h"
#include "plimsoll/model/run.h"

namespace plimsoll::history {

/// Appended before the attempt starts: a trace of it survives the death of this process from then on, so
/// that the next start knows what may have been left behind. Appended again, with its group, once that
/// is known, where the engine cannot tell it beforehand.
struct AttemptStarted {
    AttemptRecord attempt;
};
struct AttemptEnded {
    AttemptRecord attempt;
};  ///< outcome and profile filled in; replaces the started one
struct TaskChanged {
    TaskRecord task;
};  ///< a task that joined, or came out
/// The task is done: `receipt` says what made it so. Made durable together with its AttemptEnded when the
/// two are appended one after the other.
struct TaskSealed {
    TaskId task = 0;
    Receipt receipt;
};
struct Decided {
    Decision decision;
};
struct RunEnded {
    RunState state = RunState::finished;
    WallTime at{};
};

using Entry = std::variant<AttemptStarted, AttemptEnded, TaskChanged, TaskSealed, Decided, RunEnded>;

class Store {
public:
    virtual ~Store() = default;
    /// Takes the entry and returns at once; it is durable once `durable_through()` reaches the number
    /// returned (1, 2, ...). Never waits for a disk. One thread appends.
    virtual std::uint64_t append(Entry entry) = 0;
    /// Makes everything appended durable before it returns. An error leaves the entries queued; they are
    /// tried again from time to time and at the next call, so that a full disk that is cleaned up loses
    /// nothing. The error says what is not recorded.
    virtual Result<void> commit() = 0;
    virtual std::uint64_t durable_through() const = 0;
    /// Why entries cannot be made durable just now; nothing when all is well. While there is trouble the
    /// loop starts nothing more, which bounds what waits in memory by what was running.
    virtual std::optional<Error> trouble() const { return std::nullopt; }
    /// A descriptor that turns readable when durable_through() or trouble() has changed, until `acknowledge()`;
    /// -1 where that never happens behind the caller's back.
    virtual int wake_fd() const { return -1; }
    virtual void acknowledge() {}
};

}  // namespace plimsoll::history
