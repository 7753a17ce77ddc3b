// SPDX-License-Identifier: Apache-2.0
// Entries of a run as rows: the prepared statements of a connection that writes one run. Internal to `history`.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "plimsoll/base/result.h"
#include "plimsoll/history/sqlite.h"
#include "plimsoll/history/store.h"

namespace plimsoll::history {

/// Records the run; gives its number.
Result<std::int64_t> insert_run(const Connection& connection, const RunRecord& run);

class RunRows {
public:
    /// The connection outlives the rows; `run` gives folder and workflow, which receipts go by.
    static Result<RunRows> prepare(const Connection& connection, std::int64_t run_number, const RunRecord& run);

    /// Within the caller's transaction.
    Result<void> write(const Entry& entry);
    /// An attempt that somebody else measured, with its task as it came out: it has no forecast.
    Result<void> write_imported(const TaskRecord& task, const AttemptRecord& attempt);
    /// After a rollback: what was interned since may not be there.
    void forget_ids();

private:
    RunRows(std::int64_t run_number, const RunRecord& run)
        : run_(run_number), folder_(run.folder), workflow_(run.workflow) {}

    struct AttemptKey {
        std::int64_t kind, task, number;
    };
    Result<void> write_task(const TaskRecord& task);
    Result<void> write_row(const AttemptStarted& started);
    Result<void> write_row(const AttemptEnded& ended);
    Result<void> write_row(const TaskChanged& changed);
    Result<void> write_row(const TaskSealed& sealed);
    Result<void> write_row(const Decided& decided);
    Result<void> write_row(const RunEnded& ended);

    Result<AttemptKey> write_attempt(const AttemptRecord& attempt);
    Result<void> write_features(const AttemptKey& key, const Features& features);
    Result<void> write_forecast(const AttemptKey& key, const Forecast& forecast);
    Result<void> write_profile(const AttemptKey& key, const Profile& profile);
    Result<void> announce(const AttemptRecord& attempt, std::int64_t kind);
    Result<std::int64_t> kind_id(const TaskKind& kind);
    Result<std::int64_t> text_id(const std::string& text);
    Result<std::int64_t> place_id();

    std::int64_t run_;
    std::string folder_, workflow_;
    std::vector<Statement> statements_;
    std::map<TaskKind, std::int64_t> kinds_;
    std::unordered_map<std::string, std::int64_t> texts_;
    std::optional<std::int64_t> place_;
    std::vector<bool> announced_;  ///< by task: its row is there
};

}  // namespace plimsoll::history
