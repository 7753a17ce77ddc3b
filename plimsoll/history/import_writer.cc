// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/history/import_writer.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "plimsoll/history/database.h"
#include "plimsoll/history/rows.h"
#include "plimsoll/history/sqlite.h"

namespace plimsoll::history {
namespace {

TaskRecord task_of(const AttemptRecord& attempt) {
    const bool finished = attempt.outcome && attempt.outcome->ending == Ending::finished;
    TaskRecord task;
    task.id = attempt.id.task;
    task.name = attempt.task_name;
    task.kind = attempt.kind;
    task.state = finished ? TaskState::finished : TaskState::failed;
    task.request = attempt.request;
    task.attempts = attempt.id.number;
    task.reason = "imported";
    return task;
}

}  // namespace

struct ImportWriter::State {
    Connection& connection;
    Transaction transaction;
    std::int64_t run_number;
    RunRows rows;
    Statement put_identity;
    std::size_t added = 0;
    std::optional<WallTime> first, last;  ///< start of the earliest attempt, end of the latest
};

ImportWriter::ImportWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
ImportWriter::ImportWriter(ImportWriter&&) noexcept = default;
ImportWriter::~ImportWriter() = default;

std::size_t ImportWriter::added() const { return state_->added; }

Result<ImportWriter> Database::begin_import(const RunRecord& run) {
    const auto told = [this](const Error& error) { return error.within("history " + path_); };
    // Attempts lie by kind: an import writes to as many places as it has kinds, which the usual cache does not hold.
    PLIM_TRY(connection_->run("PRAGMA cache_size = -65536"));
    Result<Transaction> transaction = Transaction::begin(*connection_);
    if (!transaction) return told(transaction.error());
    const std::int64_t number = PLIM_TRY(insert_run(*connection_, run));
    RunRows rows = PLIM_TRY(RunRows::prepare(*connection_, number, run));
    Statement put_identity =
        PLIM_TRY(connection_->prepare("INSERT INTO imported (identity, run) VALUES (?1, ?2) ON CONFLICT DO NOTHING"));
    return ImportWriter(
        std::make_unique<ImportWriter::State>(ImportWriter::State{.connection = *connection_,
                                                                  .transaction = std::move(*transaction),
                                                                  .run_number = number,
                                                                  .rows = std::move(rows),
                                                                  .put_identity = std::move(put_identity)}));
}

Result<bool> ImportWriter::add(std::uint64_t identity, const AttemptRecord& attempt) {
    PLIM_TRY(state_->put_identity.run(static_cast<std::int64_t>(identity), state_->run_number));
    if (state_->connection.changes() == 0) return false;
    PLIM_TRY(state_->rows.write_imported(task_of(attempt), attempt));
    const WallTime ended = attempt.ended.value_or(attempt.started);
    state_->first = std::min(state_->first.value_or(attempt.started), attempt.started);
    state_->last = std::max(state_->last.value_or(ended), ended);
    ++state_->added;
    return true;
}

Result<void> ImportWriter::commit() {
    if (state_->added == 0) return {};  // the destructor takes the run's row back
    Statement date = PLIM_TRY(state_->connection.prepare("UPDATE runs SET started = ?2, ended = ?3 WHERE number = ?1"));
    PLIM_TRY(date.run(state_->run_number, state_->first, state_->last));
    return state_->transaction.commit();
}

}  // namespace plimsoll::history
