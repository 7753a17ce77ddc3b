// SPDX-License-Identifier: Apache-2.0
// Forgetting, giving space back, looking for damage.
#include "plimsoll/history/upkeep.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <filesystem>
#include <utility>

#include "plimsoll/history/database.h"
#include "plimsoll/history/location.h"
#include "plimsoll/history/sqlite.h"

namespace plimsoll::history {
namespace {

constexpr int faults_told = 20;

Result<std::vector<NumberedRun>> ended_runs(const Connection& connection, const ForgetFilter& filter) {
    Statement rows =
        PLIM_TRY(connection.prepare("SELECT number, id FROM runs WHERE state <> 'running' AND (?1 IS NULL OR id = ?1) "
                                    "AND (?2 IS NULL OR started < ?2)"
                                    " AND (?3 = '' OR workflow = ?3) AND (?4 = '' OR folder = ?4) ORDER BY number"));
    rows.start(filter.run, filter.before, filter.workflow, filter.folder);
    std::vector<NumberedRun> runs;
    while (PLIM_TRY(rows.next())) {
        const std::int64_t number = rows.take_integer();
        runs.emplace_back(number, rows.take_text());
    }
    return runs;
}

Result<std::int64_t> forget_receipts(Connection& connection, const ForgetFilter& filter) {
    Transaction transaction = PLIM_TRY(Transaction::begin(connection));
    Statement receipts =
        PLIM_TRY(connection.prepare("DELETE FROM receipts WHERE place IN (SELECT id FROM places WHERE workflow = ?1 "
                                    "AND (?2 = '' OR folder = ?2))"));
    PLIM_TRY(receipts.run(filter.workflow, filter.folder));
    const int count = connection.changes();
    PLIM_TRY(transaction.commit());
    return count;
}

/// Names of kinds, machines, models that nothing refers to. A run that is going on remembers their numbers, so
/// that none may go meanwhile. Foreign keys are off: they would search all rows for each name deleted.
Result<void> prune_names(Connection& connection) {
    PLIM_TRY(connection.run("PRAGMA foreign_keys = OFF"));
    Transaction transaction = PLIM_TRY(Transaction::begin(connection));
    if (PLIM_TRY(connection.number("SELECT count(*) FROM runs WHERE state = 'running'")) == 0) {
        PLIM_TRY(
            connection.run("DELETE FROM kinds WHERE id NOT IN (SELECT kind FROM tasks UNION SELECT kind FROM attempts);"
                           "DELETE FROM texts WHERE id NOT IN (SELECT machine FROM features UNION SELECT source FROM "
                           "profiles UNION SELECT model FROM forecasts"
                           " UNION SELECT action FROM decisions UNION SELECT subject FROM decisions UNION SELECT model "
                           "FROM decisions UNION SELECT queue FROM tasks WHERE queue IS NOT NULL);"
                           "DELETE FROM places WHERE id NOT IN (SELECT place FROM receipts)"));
    }
    PLIM_TRY(transaction.commit());
    return connection.run("PRAGMA foreign_keys = ON");
}

std::int64_t file_size(const std::string& path) {
    struct stat found{};
    return ::stat(path.c_str(), &found) == 0 ? found.st_size : 0;
}

}  // namespace

Result<void> delete_folder(const std::string& folder) {
    std::error_code failed;
    std::filesystem::remove_all(folder, failed);
    if (failed) return system_error("delete " + folder, failed.value());
    return {};
}

// The folder goes first: cut off in between, the run is still there to be forgotten again.
Result<void> forget_run(Connection& connection, const NumberedRun& run, const RunPaths& paths) {
    PLIM_TRY(delete_folder(paths.folder));
    Transaction transaction = PLIM_TRY(Transaction::begin(connection));
    PLIM_TRY(connection.run(
        fmt::format("DELETE FROM imported WHERE run = {0} AND (SELECT source FROM runs WHERE number = {0}) IS NOT NULL;"
                    "INSERT INTO forgetting VALUES ({0}); DELETE FROM runs WHERE number = {0}; DELETE FROM forgetting",
                    run.first)));
    return transaction.commit();
}

Bytes size_of_folder(const std::string& folder) {
    namespace fs = std::filesystem;
    std::error_code failed;
    Bytes size;
    fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied, failed);
    for (; !failed && at != fs::recursive_directory_iterator(); at.increment(failed)) {
        struct stat found{};
        // As the disk counts: a file of one byte takes a block.
        if (::lstat(at->path().c_str(), &found) == 0) size += Bytes{found.st_blocks * 512};
    }
    return size;
}

Result<Forgotten> Database::forget(const ForgetFilter& filter) {
    if (!filter.run && !filter.before && filter.workflow.empty() && filter.folder.empty())
        return invalid("forget what? Name a run, a workflow, a folder or an age");
    if (filter.receipts && filter.workflow.empty()) return invalid("receipts are forgotten by workflow: name one");
    if (filter.run && PLIM_TRY(this->run(*filter.run)).state == RunState::running)
        return Error{ErrorKind::refused,
                     fmt::format("run {} is still running; `plimsoll stop {}` ends it", *filter.run, *filter.run)};
    Forgotten forgotten;
    for (const NumberedRun& one : PLIM_TRY(ended_runs(*connection_, filter))) {
        PLIM_TRY(forget_run(*connection_, one, run_paths(path_, one.second)));
        forgotten.runs.push_back(one.second);
    }
    if (filter.receipts) forgotten.receipts = PLIM_TRY(forget_receipts(*connection_, filter));
    return forgotten;
}

Result<void> Database::vacuum() {
    const auto told = [this](const Error& error) { return error.within("history " + path_); };
    if (Result<void> pruned = prune_names(*connection_); !pruned) {
        (void)connection_->run("PRAGMA foreign_keys = ON");  // fails only where the connection is of no use any more
        return told(pruned.error());
    }
    if (Result<void> done = connection_->run("VACUUM"); !done) return told(done.error());
    if (Result<std::int64_t> shrunk = connection_->number("PRAGMA wal_checkpoint(TRUNCATE)"); !shrunk)
        return told(shrunk.error());
    return {};
}

Result<Sizes> Database::sizes() const {
    const auto count = [this](std::string_view table) {
        return connection_->number(fmt::format("SELECT count(*) FROM {}", table));
    };
    Sizes sizes;
    sizes.runs = PLIM_TRY(count("runs"));
    sizes.tasks = PLIM_TRY(count("tasks"));
    sizes.attempts = PLIM_TRY(count("attempts"));
    sizes.decisions = PLIM_TRY(count("decisions"));
    sizes.receipts = PLIM_TRY(count("receipts"));
    const std::int64_t page = PLIM_TRY(connection_->number("PRAGMA page_size"));
    sizes.file = {file_size(path_) + file_size(path_ + "-wal")};
    sizes.free = {page * PLIM_TRY(connection_->number("PRAGMA freelist_count"))};
    return sizes;
}

Result<std::vector<std::string>> Database::faults() const {
    Statement rows = PLIM_TRY(connection_->prepare(fmt::format("PRAGMA integrity_check({})", faults_told)));
    std::vector<std::string> faults;
    while (PLIM_TRY(rows.next()))
        if (const std::string_view line = rows.take_view(); line != "ok") faults.emplace_back(line);
    const std::int64_t dangling = PLIM_TRY(connection_->number("SELECT count(*) FROM pragma_foreign_key_check"));
    if (dangling > 0) faults.push_back(fmt::format("{} rows refer to rows that are not there", dangling));
    return faults;
}

}  // namespace plimsoll::history
