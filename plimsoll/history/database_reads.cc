// SPDX-License-Identifier: Apache-2.0
// What people and the next run ask for.
#include <fmt/format.h>
#include <sys/stat.h>

#include "plimsoll/history/attempts.h"
#include "plimsoll/history/codec.h"
#include "plimsoll/history/columns.h"
#include "plimsoll/history/database.h"
#include "plimsoll/history/sqlite.h"

namespace plimsoll::history {
namespace {

constexpr std::string_view run_columns =
    "id, workflow, file, folder, machine, started, ended, state, owner_pid, owner_start_ticks, owner_boot_id, version, "
    "cpu, memory, ifnull(source, '')";
constexpr std::size_t ids_shown = 5;  // of those that a short name could mean

Result<RunRecord> take_run(Statement& row) {
    RunRecord run;
    run.id = row.take_text();
    run.workflow = row.take_text();
    run.file = row.take_text();
    run.folder = row.take_text();
    run.machine = row.take_text();
    run.started = row.take_wall();
    if (!row.take_null()) run.ended = row.take_wall();
    run.state = PLIM_TRY(parse_run_state(row.take_view()));
    run.owner.pid = static_cast<int>(row.take_integer());
    run.owner.start_ticks = static_cast<std::uint64_t>(row.take_integer());
    run.owner.boot_id = row.take_text();
    run.version = row.take_text();
    run.capacity.cpu = row.take_cores();
    run.capacity.memory = row.take_bytes();
    run.source = row.take_text();
    return run;
}

Result<std::vector<RunRecord>> take_runs(Statement& rows) {
    std::vector<RunRecord> runs;
    while (PLIM_TRY(rows.next())) runs.push_back(PLIM_TRY(take_run(rows)));
    return runs;
}

Result<TaskRecord> take_task(Statement& row) {
    TaskRecord task;
    task.id = static_cast<TaskId>(row.take_integer());
    task.name = row.take_text();
    task.kind = take_kind(row);
    task.state = PLIM_TRY(parse_task_state(row.take_view()));
    task.request = take_request(row);
    task.attempts = static_cast<int>(row.take_integer());
    task.reason = row.take_text();
    task.queue = row.take_text();
    return task;
}

Decision take_decision(Statement& row) {
    Decision decision;
    decision.at = row.take_wall();
    if (!row.take_null()) decision.task = static_cast<TaskId>(row.take_integer());
    decision.attempt = static_cast<int>(row.take_integer());
    decision.action = row.take_text();
    decision.subject = row.take_text();
    decision.old_value = row.take_text();
    decision.new_value = row.take_text();
    decision.reason = row.take_text();
    decision.model = row.take_text();
    decision.samples = static_cast<std::uint32_t>(row.take_integer());
    if (!row.take_null()) decision.confidence = row.take_real();
    return decision;
}

Error ambiguous(std::string_view name, const std::vector<RunRecord>& runs) {
    std::string ids;
    for (std::size_t at = 0; at < runs.size() && at < ids_shown; ++at) ids += (at ? ", " : "") + runs[at].id;
    return invalid(fmt::format("'{}' could be {}{}: write more of the id", name, ids,
                               runs.size() > ids_shown ? " and others" : ""));
}

}  // namespace

Result<std::vector<RunRecord>> Database::runs(const RunFilter& filter) const {
    Statement rows =
        PLIM_TRY(connection_->prepare(fmt::format("SELECT {} FROM runs WHERE (?1 = '' OR workflow = ?1) AND (?2 = '' "
                                                  "OR folder = ?2) AND (?3 IS NULL OR state = ?3)"
                                                  " ORDER BY started DESC, number DESC LIMIT ?4",
                                                  run_columns)));
    const auto state = filter.state ? std::optional(name_of(*filter.state)) : std::nullopt;
    rows.start(filter.workflow, filter.folder, state,
               static_cast<std::int64_t>(std::min<std::size_t>(filter.limit, INT64_MAX)));
    return take_runs(rows);
}

Result<RunRecord> Database::run(std::string_view name) const {
    Statement rows = PLIM_TRY(
        connection_->prepare(fmt::format("SELECT {} FROM runs WHERE substr(id, 1, length(?1)) = ?1 OR (?1 = "
                                         "'last' AND source IS NULL) ORDER BY started DESC, number DESC LIMIT {}",
                                         run_columns, ids_shown + 1)));
    rows.start(name);
    const std::vector<RunRecord> found = PLIM_TRY(take_runs(rows));
    if (found.empty() || name.empty())
        return Error{ErrorKind::not_found,
                     name == "last"
                         ? "no run is recorded yet; `plimsoll run FILE` makes one (an import is none: `plimsoll "
                           "history list` shows it, `plimsoll advise` tells what it says)"
                         : fmt::format("no run '{}'; `plimsoll history list` shows what there is", name)};
    if (name == "last" || found.size() == 1) return found.front();
    for (const RunRecord& run : found)
        if (run.id == name) return run;
    return ambiguous(name, found);
}

Result<std::vector<TaskRecord>> Database::tasks(const RunId& run) const {
    Statement rows =
        PLIM_TRY(connection_->prepare(fmt::format("SELECT t.task, t.name, {}, t.state, {}, t.attempts, t.reason, "
                                                  "(SELECT text FROM texts WHERE id = t.queue) FROM runs r JOIN tasks "
                                                  "t ON t.run = r.number JOIN kinds k ON k.id = t.kind"
                                                  " WHERE r.id = ?1 ORDER BY t.task",
                                                  kind_columns, request_columns)));
    rows.start(run);
    std::vector<TaskRecord> tasks;
    while (PLIM_TRY(rows.next())) tasks.push_back(PLIM_TRY(take_task(rows)));
    return tasks;
}

Result<std::vector<AttemptRecord>> Database::attempts(const RunId& run, std::optional<TaskId> task) const {
    return read_attempts(*connection_, run, {.task = task});
}

Result<std::vector<Decision>> Database::decisions(const RunId& run, std::optional<TaskId> task) const {
    Statement rows = PLIM_TRY(connection_->prepare(
        "SELECT d.at, d.task, d.attempt, (SELECT text FROM texts WHERE id = d.action), (SELECT text FROM texts WHERE "
        "id = d.subject),"
        " d.old_value, d.new_value, d.reason, (SELECT text FROM texts WHERE id = d.model), d.samples, d.confidence"
        " FROM runs r JOIN decisions d ON d.run = r.number WHERE r.id = ?1 AND (?2 IS NULL OR d.task IS NULL OR d.task "
        "= ?2) ORDER BY d.id"));
    rows.start(run, task);
    std::vector<Decision> decisions;
    while (PLIM_TRY(rows.next())) decisions.push_back(take_decision(rows));
    return decisions;
}

Result<std::vector<Receipt>> Database::receipts(std::string_view folder, std::string_view workflow) const {
    Statement rows =
        PLIM_TRY(connection_->prepare("SELECT r.task_name, r.files FROM places p JOIN receipts r ON r.place = p.id "
                                      "WHERE p.folder = ?1 AND p.workflow = ?2"));
    rows.start(folder, workflow);
    std::vector<Receipt> receipts;
    while (PLIM_TRY(rows.next())) {
        std::string name = rows.take_text();
        receipts.push_back(PLIM_TRY(decode_receipt(std::move(name), rows.take_view())));
    }
    return receipts;
}

}  // namespace plimsoll::history
