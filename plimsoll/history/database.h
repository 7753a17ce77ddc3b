// SPDX-License-Identifier: Apache-2.0
// Database: the history of a user or a project in one SQLite file (WAL), shared by all runs that name it.
// Reads at the start of a run and for people; a run's own writing goes through a RunWriter.
//
// One Database belongs to one thread. Several processes may have the same file open, each reading and
// writing; a writer waits up to ten seconds for another one's transaction.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/base/result.h"
#include "plimsoll/history/import_writer.h"
#include "plimsoll/history/retention.h"
#include "plimsoll/history/run_writer.h"
#include "plimsoll/history/store.h"
#include "plimsoll/model/forecast.h"

namespace plimsoll::history {

class Connection;

struct OpenOptions {
    bool read_only = false;         ///< nothing is created, migrated or written
    bool fresh_if_damaged = false;  ///< set a damaged file aside and start a new one, with a warning
    WallTime now{};                 ///< names the file that is set aside
};

/// Which attempts the models learn from. Of each group the newest are taken; the newest of all come first, and
/// nothing comes twice.
struct ObservationFilter {
    std::vector<TaskKind> kinds = {};  ///< these, up to `per_kind_max` each
    std::size_t per_kind_max = 300;
    bool same_tool = true;                     ///< and other kinds with the tool of one of them,
    std::size_t per_tool_max = 300;            ///< up to so many a tool
    std::size_t recent_max = 1000;             ///< and the newest of any kind
    std::optional<RunId> before = {};          ///< of runs that began before this one alone: what it could know
    std::optional<std::int64_t> through = {};  ///< of those told under this number or a smaller one; none: of all
};

/// What models knew, as they gave it.
struct KeptModels {
    std::int64_t version = 0;  ///< of their form
    std::int64_t base = 0;     ///< of what was told under this number or a smaller one, they know the newest
    std::int64_t through = 0;  ///< of what was told since, all up to this number
    std::string state;
    bool operator==(const KeptModels&) const = default;
};

/// Which attempts `each_past_attempt` gives; empty: any.
struct PastFilter {
    std::string workflow = {};  ///< of their kind
    std::optional<RunId> run = {};
};
/// An attempt that ended, as far as it tells what to ask for.
struct PastAttempt {
    std::int64_t run = 0;  ///< tells runs apart
    AttemptId id;
    Request request;
    Ending ending = Ending::finished;
    Bytes memory_peak{};  ///< 0: not measured
    Duration runtime{}, cpu{};
    std::string machine;
};

struct RunFilter {
    std::string workflow = {};  ///< name; empty: any
    std::string folder = {};    ///< empty: any
    std::optional<RunState> state = {};
    std::size_t limit = 1000;
};

/// What is to be forgotten: ended runs that meet every condition given, of which there is at least one.
/// Receipts, which keep done work from being repeated, stay unless `receipts` says otherwise.
struct ForgetFilter {
    std::optional<RunId> run = {};        ///< the whole id
    std::optional<WallTime> before = {};  ///< started before
    std::string workflow = {};
    std::string folder = {};
    bool receipts = false;  ///< those of the workflow go too; needs `workflow`
};
struct Forgotten {
    std::vector<RunId> runs;  ///< their folders (run_paths) are deleted too
    std::int64_t receipts = 0;
};

/// How much there is, for `history list` and before a vacuum.
struct Sizes {
    std::int64_t runs = 0, tasks = 0, attempts = 0, decisions = 0, receipts = 0;
    Bytes file{};  ///< database and write-ahead log
    Bytes free{};  ///< within it; what a vacuum gives back
};

class Database {
public:
    /// Opens or creates the database: folders 0700, file 0600, schema migrated to this version. Errors:
    /// damaged (no history, or a broken one), unavailable (permissions, disk, a file system that cannot lock),
    /// refused (locked by another process for long, made by a newer Plimsoll); each says what to do.
    static Result<Database> open(const std::string& path, const OpenOptions& options);
    Database(Database&&) noexcept;
    Database& operator=(Database&&) noexcept;
    ~Database();

    const std::string& path() const { return path_; }
    /// What the user should know about how it was opened: a file set aside, a slower journal.
    const std::vector<std::string>& warnings() const { return warnings_; }

    /// Records the run as running (durable on return), makes its folder and starts its writer.
    Result<std::unique_ptr<RunWriter>> begin_run(const RunRecord& run);

    /// Begins an import, which holds the write lock until it is committed or dropped, and which this outlives. `run`
    /// has a source; when it started and ended follow from its attempts.
    Result<ImportWriter> begin_import(const RunRecord& run);

    Result<std::vector<RunRecord>> runs(const RunFilter& filter) const;  ///< newest first
    /// By id, by a prefix that only one id has, or "last": the one that started last, imports apart.
    Result<RunRecord> run(std::string_view name) const;
    Result<std::vector<TaskRecord>> tasks(const RunId& run) const;  ///< by id
    Result<std::vector<AttemptRecord>> attempts(const RunId& run, std::optional<TaskId> task = {}) const;
    /// In the order of recording. With a task: its own and those about the whole run.
    Result<std::vector<Decision>> decisions(const RunId& run, std::optional<TaskId> task = {}) const;

    Result<std::vector<Observation>> observations(const ObservationFilter& filter) const;
    /// The number of the last measurement that was told; 0: none. Numbers are those of the order in which measurements
    /// became durable, whichever run they are of, and are not used again.
    Result<std::int64_t> told() const;
    /// What models learn from, of what was told after the one number up to the other, in that order.
    Result<void> each_told(std::int64_t after, std::int64_t through,
                           const std::function<void(const Observation& observation)>& take) const;
    /// What was kept under the name last; nothing where nothing was, it is damaged, or something was forgotten since.
    Result<std::optional<KeptModels>> kept_models(std::string_view name) const;
    Result<void> keep_models(std::string_view name, const KeptModels& models);
    /// All of them, kind by kind, within a kind in the order of runs and tasks; stops at the first error.
    Result<void> each_past_attempt(
        const PastFilter& filter,
        const std::function<Result<void>(const TaskKind& kind, const PastAttempt& attempt)>& take) const;
    /// The latest of each task of the workflow in this folder.
    Result<std::vector<Receipt>> receipts(std::string_view folder, std::string_view workflow) const;

    /// Runs recorded as running whose owner is dead.
    Result<std::vector<RunRecord>> interrupted_runs(const std::function<bool(const ProcessIdentity&)>& lives) const;
    /// Attempts of a run that have begun and not ended, those included that only the run's `started` file
    /// knows (of these: id, task_name, group, started).
    Result<std::vector<AttemptRecord>> open_attempts(const RunId& run) const;
    /// All attempts that have begun: the ended ones, then those that run now, with the log where it will be. Of a run
    /// under way each is there from its start on, at whatever moment this is asked.
    Result<std::vector<AttemptRecord>> attempts_so_far(const RunId& run, std::optional<TaskId> task = {}) const;
    /// The run becomes interrupted, its open attempts lost and their tasks cancelled. Nothing happens to a
    /// run that is not recorded as running.
    Result<void> mark_interrupted(const RunId& run, WallTime at);

    /// Deletes runs with all that belongs to them, each in a transaction of its own. not_found when a named
    /// run is not there, refused when it is still running.
    Result<Forgotten> forget(const ForgetFilter& filter);
    /// Gives free space back to the file system, and forgets names that nothing refers to any more unless
    /// a run is going on. Needs up to twice the database's size on disk while it works.
    Result<void> vacuum();
    Result<Sizes> sizes() const;
    Result<Overview> overview() const;

    /// What is set to be kept; without end where nothing was ever set.
    Result<Retention> retention() const;
    Result<void> keep(const Retention& retention);
    /// Removes what is not to be kept, in the order that retention.h tells. Gives what was removed.
    Result<Shrunk> shrink(const Retention& retention, WallTime now);
    /// Does what is set, where that was not done within the last hour; nothing where it was not due.
    Result<std::optional<Shrunk>> shrink_if_due(WallTime now);
    /// Reads the whole file; empty when all is in order, else what is not.
    Result<std::vector<std::string>> faults() const;

private:
    Database(std::string path, std::unique_ptr<Connection> connection);
    std::string path_;
    std::vector<std::string> warnings_;
    std::unique_ptr<Connection> connection_;
};

}  // namespace plimsoll::history
