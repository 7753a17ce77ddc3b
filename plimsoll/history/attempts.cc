// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/history/attempts.h"

#include <fmt/format.h>

#include "plimsoll/history/columns.h"

namespace plimsoll::history {
namespace {

std::string select_attempts(const WhichAttempts& which) {
    return fmt::format(
        "SELECT a.task, a.number, t.name, {}, {}, {}, {}, {}, a.reserved_time, a.command, a.log, a.grp, a.started, "
        "a.ended, {}, {}, {},"
        " p.source IS NOT NULL, {}"
        " FROM attempts a JOIN tasks t ON t.run = a.run AND t.task = a.task"
        " JOIN kinds k ON k.id = a.kind JOIN features f USING (kind, run, task, number)"
        " LEFT JOIN forecasts c USING (kind, run, task, number)"
        " LEFT JOIN profiles p USING (kind, run, task, number)"
        " WHERE a.run = (SELECT number FROM runs WHERE id = ?1){}{} ORDER BY a.task, a.number",
        kind_columns, request_columns, feature_columns, forecast_columns, reserved_columns, outcome_columns,
        shaping_columns, wait_columns, profile_columns, which.task ? " AND a.task = ?2" : "",
        which.only_open ? " AND a.ending IS NULL" : "");
}

Result<AttemptRecord> take_attempt(Statement& row) {
    AttemptRecord attempt;
    attempt.id = {.task = static_cast<TaskId>(row.take_integer()), .number = static_cast<int>(row.take_integer())};
    attempt.task_name = row.take_text();
    attempt.kind = take_kind(row);
    attempt.request = take_request(row);
    attempt.features = PLIM_TRY(take_features(row));
    attempt.forecast = PLIM_TRY(take_forecast(row));
    attempt.reserved = PLIM_TRY(take_reserved(row));
    attempt.reserved_time = row.take_duration();
    attempt.command = row.take_text();
    attempt.log = row.take_text();
    attempt.group = row.take_text();
    attempt.started = row.take_wall();
    if (!row.take_null()) attempt.ended = row.take_wall();
    attempt.outcome = PLIM_TRY(take_outcome(row));
    attempt.shaping = take_shaping(row);
    attempt.wait = take_wait(row);
    if (row.take_integer() != 0) attempt.profile = PLIM_TRY(take_profile(row));
    return attempt;
}

}  // namespace

Result<std::vector<AttemptRecord>> read_attempts(const Connection& connection, const RunId& run,
                                                 const WhichAttempts& which) {
    Statement rows = PLIM_TRY(connection.prepare(select_attempts(which)));
    if (which.task) rows.start(run, *which.task);
    else rows.start(run);
    std::vector<AttemptRecord> attempts;
    while (PLIM_TRY(rows.next())) attempts.push_back(PLIM_TRY(take_attempt(rows)));
    return attempts;
}

}  // namespace plimsoll::history
