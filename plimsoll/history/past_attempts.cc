// SPDX-License-Identifier: Apache-2.0
// All that was ever measured, row by row: a million attempts are looked at and none is kept. The order is that in
// which attempts lie in the database, so nothing is sorted.
#include <fmt/format.h>

#include "plimsoll/history/columns.h"
#include "plimsoll/history/database.h"
#include "plimsoll/history/sqlite.h"

namespace plimsoll::history {

Result<void> Database::each_past_attempt(
    const PastFilter& filter,
    const std::function<Result<void>(const TaskKind& kind, const PastAttempt& attempt)>& take) const {
    Statement kinds = PLIM_TRY(connection_->prepare(
        fmt::format("SELECT k.id, {} FROM kinds k WHERE ?1 = '' OR k.workflow = ?1 ORDER BY k.id", kind_columns)));
    Statement rows = PLIM_TRY(connection_->prepare(
        fmt::format("SELECT a.run, a.task, a.number, {}, a.ending, p.memory_peak, p.runtime, p.cpu,"
                    " (SELECT text FROM texts WHERE id = f.machine) FROM attempts a"
                    " JOIN profiles p USING (kind, run, task, number) JOIN features f USING (kind, run, task, number)"
                    " JOIN tasks t ON t.run = a.run AND t.task = a.task"
                    " WHERE a.kind = ?1 AND a.ending IS NOT NULL AND (?2 IS NULL OR a.run ="
                    " (SELECT number FROM runs WHERE id = ?2)) ORDER BY a.kind, a.run, a.task, a.number",
                    request_columns)));
    kinds.start(filter.workflow);
    while (PLIM_TRY(kinds.next())) {
        const std::int64_t id = kinds.take_integer();
        const TaskKind kind = take_kind(kinds);
        rows.start(id, filter.run);
        while (PLIM_TRY(rows.next())) {
            PastAttempt past;
            past.run = rows.take_integer();
            past.id = {.task = static_cast<TaskId>(rows.take_integer()),
                       .number = static_cast<int>(rows.take_integer())};
            past.request = take_request(rows);
            past.ending = PLIM_TRY(parse_ending(rows.take_view()));
            past.memory_peak = rows.take_bytes();
            past.runtime = rows.take_duration();
            past.cpu = rows.take_duration();
            past.machine = rows.take_text();
            PLIM_TRY(take(kind, past));
        }
    }
    return {};
}

}  // namespace plimsoll::history
