// SPDX-License-Identifier: Apache-2.0
// Workspace: the files that tasks read and make, as far as the loop needs to know about them. Real files
// in live runs (FileWorkspace), a simulated world in simulation.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "plimsoll/model/outcome.h"
#include "plimsoll/model/receipt.h"
#include "plimsoll/model/task.h"

namespace plimsoll::workflow {

/// Need a task run?
struct Freshness {
    bool up_to_date = false;
    std::string reason;  ///< for --explain: "outputs are up to date", "input reads/s1.fq changed", ...
    /// Temporary inputs that were deleted after use: whoever makes them has to run first.
    std::vector<std::string> deleted_inputs;
    Features features;  ///< sizes of its inputs as they are now
    Bytes divisible{};  ///< of a task that may be split: of its input bytes, what can be cut
};

/// How an attempt that exited with 0 comes out once its files have been looked at.
struct Conclusion {
    Outcome outcome;                 ///< finished, missing_output or input_changed
    std::optional<Receipt> receipt;  ///< only when it finished, and then of every workspace that gives receipts
};

/// A receipt that says the same as the one before with newer stamps or more hashes; to be sealed again, at
/// leisure: nothing is lost without it but time.
struct Resealed {
    TaskId task = 0;
    Receipt receipt;
};

/// A task in parts: one for each, with neither ids nor needs. None: it is done as a whole.
struct Division {
    std::vector<Task> parts;
    bool is_resumed = false;  ///< as a run before had cut it that did not end
};

class Workspace {
public:
    virtual ~Workspace() = default;
    /// Looks at a task whose needs are done. `must_run` (--force) still fills in features and reason.
    virtual Freshness examine(const Task& task) = 0;
    /// Cuts a task that may be split into these shares of its input, or as a run before has that did not come to join
    /// the parts, if all is as it was then. No parts: one share, or records too few. invalid: its input is not what
    /// the workflow says. Parts point into the workspace.
    virtual Result<Division> divide(const Task&, std::span<const double> /*shares*/) { return Division{}; }
    /// Before an attempt: remembers the inputs as they are, makes the folders of its outputs, takes old
    /// outputs away (ours are deleted; files that no receipt knows are set aside, never lost).
    virtual Result<void> prepare(const Task& task, AttemptId attempt) = 0;
    /// After exit 0. When it does not come out as finished, set_aside() follows as after any other end.
    virtual Conclusion conclude(const Task& task, AttemptId attempt) = 0;
    /// After any other end: what it left of its outputs is set aside, so that nothing trusts it.
    virtual void set_aside(const Task& task, AttemptId attempt) = 0;
    /// An empty folder in which an attempt's work may be saved; its absolute path. What attempts before it have saved
    /// stays, but for the first attempt in a run: that begins anew.
    virtual Result<std::string> checkpoint_folder(const Task&, AttemptId) { return std::string(); }
    /// Nobody will go on from what was saved of this task.
    virtual void drop_checkpoints(const Task&) {}
    /// No task needs these temporary outputs any more.
    virtual void delete_temporaries(const Task& task) = 0;

    /// Receipts improved since the last call.
    virtual std::vector<Resealed> take_resealed() { return {}; }
    /// What a user should know and cannot see: files set aside, temporaries kept. Since the last call.
    virtual std::vector<std::string> take_notices() { return {}; }
    /// All tasks are done: finishes (within reason) what take_resealed() has still to give.
    virtual void settle() {}
};

}  // namespace plimsoll::workflow
