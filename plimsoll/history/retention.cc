// SPDX-License-Identifier: Apache-2.0
// What is kept: set, looked up, and applied. Running runs are never touched.
#include "plimsoll/history/retention.h"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "plimsoll/history/database.h"
#include "plimsoll/history/location.h"
#include "plimsoll/history/sqlite.h"
#include "plimsoll/history/upkeep.h"

namespace plimsoll::history {
namespace {

constexpr Duration between_shrinks = std::chrono::hours(1);

Result<std::optional<std::int64_t>> setting(const Connection& connection, std::string_view name) {
    Statement row = PLIM_TRY(connection.prepare("SELECT value FROM settings WHERE name = ?1"));
    return row.number(name);
}

Result<void> set(const Connection& connection, std::string_view name, std::optional<std::int64_t> value) {
    if (!value) {
        Statement removed = PLIM_TRY(connection.prepare("DELETE FROM settings WHERE name = ?1"));
        return removed.run(name);
    }
    Statement written = PLIM_TRY(connection.prepare("INSERT OR REPLACE INTO settings VALUES (?1, ?2)"));
    return written.run(name, *value);
}

/// Which runs, beside the ended: "" for all.
struct WhichRuns {
    std::optional<WallTime> before = {};
    std::string condition = {};
};

Result<std::vector<NumberedRun>> ended_runs(const Connection& connection, const WhichRuns& which) {
    Statement rows = PLIM_TRY(
        connection.prepare("SELECT number, id FROM runs WHERE state <> 'running' AND (?1 IS NULL OR started < ?1)" +
                           (which.condition.empty() ? "" : " AND " + which.condition) + " ORDER BY started, number"));
    rows.start(which.before);
    std::vector<NumberedRun> runs;
    while (PLIM_TRY(rows.next())) {
        const std::int64_t number = rows.take_integer();
        runs.emplace_back(number, rows.take_text());
    }
    return runs;
}

constexpr const char* has_details = "thinned = 0";

/// No attempt of it is among the newest of its kind.
std::string nobody_learns_from() {
    return fmt::format(
        "number NOT IN (SELECT run FROM (SELECT run, row_number() OVER (PARTITION BY kind ORDER BY run DESC, task "
        "DESC, number DESC) AS place FROM attempts) WHERE place <= {})",
        ObservationFilter().per_kind_max);
}

/// The folder first: cut off in between, the run still has its details and is thinned again.
Result<void> thin(Connection& connection, const NumberedRun& run, const RunPaths& paths) {
    PLIM_TRY(delete_folder(paths.folder));
    Transaction transaction = PLIM_TRY(Transaction::begin(connection));
    PLIM_TRY(
        connection.run(fmt::format("INSERT INTO forgetting VALUES ({0}); DELETE FROM decisions WHERE run = {0}; "
                                   "DELETE FROM forgetting; UPDATE runs SET thinned = 1 WHERE number = {0}",
                                   run.first)));
    return transaction.commit();
}

/// The database's pages that are in use, and the folders of all runs.
class Taken {
public:
    static Result<Taken> measure(const Connection& connection, std::string_view database) {
        Taken taken(connection);
        taken.folders_ = size_of_folder(runs_folder(database));
        PLIM_TRY(taken.look());
        return taken;
    }
    Bytes all() const { return pages_ + folders_; }
    void without_folder(Bytes size) { folders_ -= size; }
    Result<void> look() {
        const std::int64_t page = PLIM_TRY(connection_->number("PRAGMA page_size"));
        const std::int64_t count = PLIM_TRY(connection_->number("PRAGMA page_count"));
        pages_ = {page * (count - PLIM_TRY(connection_->number("PRAGMA freelist_count")))};
        return {};
    }

private:
    explicit Taken(const Connection& connection) : connection_(&connection) {}
    const Connection* connection_;
    Bytes pages_{}, folders_{};
};

/// Removes from a connection to a history what is to go, and remembers what has gone.
class Shrinking {
public:
    Shrinking(Connection& connection, std::string database, Taken taken)
        : connection_(connection), database_(std::move(database)), taken_(taken) {
        shrunk_.before = taken.all();
    }

    Result<void> thin_all(const WhichRuns& which, std::optional<Bytes> until) {
        for (const NumberedRun& run : PLIM_TRY(ended_runs(connection_, which))) {
            if (until && taken_.all() <= *until) return {};
            const RunPaths paths = run_paths(database_, run.second);
            taken_.without_folder(size_of_folder(paths.folder));
            PLIM_TRY(thin(connection_, run, paths));
            PLIM_TRY(taken_.look());
            shrunk_.details.push_back(run.second);
        }
        return {};
    }
    Result<void> forget_all(const WhichRuns& which, std::optional<Bytes> until) {
        for (const NumberedRun& run : PLIM_TRY(ended_runs(connection_, which))) {
            if (until && taken_.all() <= *until) return {};
            const RunPaths paths = run_paths(database_, run.second);
            taken_.without_folder(size_of_folder(paths.folder));
            PLIM_TRY(forget_run(connection_, run, paths));
            PLIM_TRY(taken_.look());
            std::erase(shrunk_.details, run.second);
            shrunk_.runs.push_back(run.second);
        }
        return {};
    }
    Shrunk finish() {
        shrunk_.after = taken_.all();
        return std::move(shrunk_);
    }

private:
    Connection& connection_;
    std::string database_;
    Taken taken_;
    Shrunk shrunk_;
};

}  // namespace

Result<Retention> Database::retention() const {
    Retention kept;
    if (const auto age = PLIM_TRY(setting(*connection_, "retention_age"))) kept.age = Duration(*age);
    if (const auto size = PLIM_TRY(setting(*connection_, "retention_size"))) kept.size = Bytes{*size};
    return kept;
}

Result<void> Database::keep(const Retention& retention) {
    Transaction transaction = PLIM_TRY(Transaction::begin(*connection_));
    PLIM_TRY(set(*connection_, "retention_age",
                 retention.age ? std::optional<std::int64_t>(retention.age->count()) : std::nullopt));
    PLIM_TRY(set(*connection_, "retention_size", retention.size ? std::optional(retention.size->count) : std::nullopt));
    PLIM_TRY(set(*connection_, "retention_applied", std::nullopt));
    return transaction.commit();
}

Result<Shrunk> Database::shrink(const Retention& retention, WallTime now) {
    Shrinking shrinking(*connection_, path_, PLIM_TRY(Taken::measure(*connection_, path_)));
    if (retention.age) {
        const WallTime before = now - *retention.age;
        PLIM_TRY(shrinking.thin_all({.before = before, .condition = has_details}, std::nullopt));
        PLIM_TRY(shrinking.forget_all({.before = before, .condition = nobody_learns_from()}, std::nullopt));
    }
    if (retention.size) {
        PLIM_TRY(shrinking.thin_all({.condition = has_details}, retention.size));
        PLIM_TRY(shrinking.forget_all({.condition = nobody_learns_from()}, retention.size));
        PLIM_TRY(shrinking.forget_all({}, retention.size));
    }
    return shrinking.finish();
}

Result<std::optional<Shrunk>> Database::shrink_if_due(WallTime now) {
    const Retention kept = PLIM_TRY(retention());
    if (kept.keeps_all()) return std::optional<Shrunk>();
    const auto applied = PLIM_TRY(setting(*connection_, "retention_applied"));
    const Duration since = applied ? now.time_since_epoch() - Duration(*applied) : between_shrinks;
    // A clock that was set back must not keep it from happening for ever.
    if (since >= Duration{} && since < between_shrinks) return std::optional<Shrunk>();
    PLIM_TRY(set(*connection_, "retention_applied", now.time_since_epoch().count()));
    return std::optional(PLIM_TRY(shrink(kept, now)));
}

}  // namespace plimsoll::history
