// SPDX-License-Identifier: Apache-2.0
// FileWorkspace: the files of a run on a real disk. Decides whether a task need run, prepares its place,
// judges what it left behind, and keeps half-written files from ever counting as done.
//
// The rule, told for users in docs/concepts/dataflow.md: a task is up to date when there is a receipt of an
// earlier run with the same command, the same inputs and the same outputs, all as they were then. A receipt
// is given only after exit 0, with every output there and no input changed meanwhile; so whatever a killed,
// failed or interrupted attempt leaves is in no receipt, is trusted by nothing, and is set aside.
// How files are told apart and when they are hashed: stamps.h. Where set-aside files go: set_aside.h.
//
// A temporary output is deleted after its last reader; the receipt of the task that made it still lists it,
// so it counts as unchanged for its readers until one of them has to run.
//
// Not thread-safe: one thread owns it (a thread of its own hashes large files).
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "plimsoll/base/clock.h"
#include "plimsoll/base/file.h"
#include "plimsoll/base/path.h"
#include "plimsoll/model/run.h"
#include "plimsoll/model/split.h"
#include "plimsoll/workflow/cut.h"
#include "plimsoll/workflow/receipt_book.h"
#include "plimsoll/workflow/set_aside.h"
#include "plimsoll/workflow/stamps.h"
#include "plimsoll/workflow/task_files.h"
#include "plimsoll/workflow/workspace.h"

namespace plimsoll::workflow {

struct FileWorkspaceOptions {
    RunId run;                              ///< names the drawer of what is set aside
    bool force_all = false;                 ///< --force: nothing is up to date
    std::unordered_set<std::string> force;  ///< these tasks (by name) are not
    HashPolicy hash;
};

/// An attempt that began in a run whose runner died, and whose end nobody saw.
struct Interrupted {
    RunId run;
    int attempt = 1;
    const Task* task = nullptr;  ///< as the workflow declares it today
};

class FileWorkspace final : public Workspace {
public:
    /// `folder`: absolute, where relative paths start. `receipts`: the latest of each task. not_found or
    /// unavailable: the folder cannot be opened. `clock` outlives it.
    static Result<std::unique_ptr<FileWorkspace>> open(const std::string& folder, std::vector<Receipt> receipts,
                                                       FileWorkspaceOptions options, const Clock& clock);

    /// Fills `features.numbers` with the bindings that are numbers.
    Freshness examine(const Task& task) override;
    /// As in Workspace; the cuts are written into the split's folder, which delete_temporaries() takes away.
    Result<Division> divide(const Task& task, std::span<const double> shares) override;
    /// Errors: not_found (an input is missing), invalid (an output that is also an input), unavailable
    /// (disk, permissions). Afterwards no declared output is there.
    Result<void> prepare(const Task& task, AttemptId attempt) override;
    Conclusion conclude(const Task& task, AttemptId attempt) override;
    /// Does nothing for an attempt that was not prepared: what is there is then not its.
    void set_aside(const Task& task, AttemptId attempt) override;
    /// Deletes what the task's receipt lists, as long as it is what the receipt says; not through a
    /// symbolic link that leads out of the folder.
    void delete_temporaries(const Task& task) override;
    /// In .plimsoll/checkpoints of the folder, which it makes there.
    Result<std::string> checkpoint_folder(const Task& task, AttemptId attempt) override;
    void drop_checkpoints(const Task& task) override;

    std::vector<Resealed> take_resealed() override;
    std::vector<std::string> take_notices() override { return std::exchange(notices_, {}); }
    void settle() override;

    /// Sets aside what interrupted attempts left of their outputs. Outputs that a receipt vouches for stay.
    void recover(const std::vector<Interrupted>& attempts);

private:
    struct PreparedInput {
        std::string path;
        Sighting seen;
        std::optional<Hash128> content;  ///< where it was known or cheap
        bool was_racy = false;           ///< a change might not have shown in the stamp
    };
    struct Prepared {
        int number = 0;
        std::vector<PreparedInput> inputs;
        std::vector<OutputFile> outputs;
    };
    /// A receipt that went out before all hashes were there.
    struct Awaiting {
        std::string task_name;
        int files = 0;
        bool improved = false;
    };
    /// Records whose file has a new stamp over the content they tell of.
    using Renewals = std::vector<std::pair<const FileStamp*, Sighting>>;

    FileWorkspace(std::string folder, Fd open_folder, std::vector<Receipt> receipts, FileWorkspaceOptions options,
                  const Clock& clock);

    std::string absolute(const std::string& path) const { return resolved_path(folder_, path); }
    std::string mark_of_division(const Task& task) const;
    Result<Cuts> cuts_of(const Task& task, std::span<const double> shares) const;
    Task part_of(const Task& task, const Cuts& cuts, std::uint32_t at);
    std::string why_it_runs(const Task& task, const std::vector<InputFile>& inputs);
    std::string changed_input(const Receipt& receipt, const std::vector<InputFile>& inputs, Renewals& renewals);
    std::string changed_output(const Task& task, const Receipt& receipt, Renewals& renewals);
    void renew(const Task& task, const Receipt& receipt, const Renewals& renewals);
    void await_contents(TaskId task, const Receipt& receipt);
    void fill_in(const ContentWanted& hashed);

    std::vector<std::string> existing_outputs(const Task& task) const;
    bool belongs_to_another(const std::string& path, const Task& task) const;
    bool is_ours(const std::string& path, const Task& task);
    void recall_content(const Task& task, const InputFile& input);
    Result<void> clear_outputs(const Task& task, const Prepared& prepared);
    std::string told_missing(const std::vector<std::string>& paths, const Task& task) const;
    void stamp_matches(const std::string& pattern, const Task& task, std::vector<FileStamp>& outputs);
    std::string changed_while_running(Prepared& prepared);
    void put_aside(const std::vector<std::string>& paths, const SetAside& drawers, const std::string& drawer,
                   const std::string& why);
    Result<void> delete_inside(const std::string& path) const;

    std::string folder_;
    Fd open_folder_;
    FileWorkspaceOptions options_;
    Stamps stamps_;
    ReceiptBook receipts_;
    SetAside drawers_;
    std::unordered_map<TaskId, Prepared> prepared_;
    std::unordered_map<TaskId, Awaiting> awaiting_;
    std::unordered_map<std::string, std::vector<TaskId>> awaited_;  ///< path -> whose receipts lack its hash
    std::map<TaskId, std::string> improved_;                        ///< whose receipts are to be sealed again
    std::vector<std::string> notices_;
    std::deque<SplitPart> parts_;  ///< that tasks point into
};

}  // namespace plimsoll::workflow
