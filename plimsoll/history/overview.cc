// SPDX-License-Identifier: Apache-2.0
// How much there is in a history, by workflow, and since when.
#include <algorithm>

#include "plimsoll/history/database.h"
#include "plimsoll/history/location.h"
#include "plimsoll/history/sqlite.h"
#include "plimsoll/history/upkeep.h"

namespace plimsoll::history {
namespace {

Result<std::vector<WorkflowShare>> shares_of(const Connection& connection) {
    Statement rows = PLIM_TRY(connection.prepare(
        "SELECT workflow, count(*), min(started), max(started), (SELECT count(*) FROM attempts a JOIN runs o ON "
        "o.number = a.run WHERE o.workflow = r.workflow) FROM runs r GROUP BY workflow"));
    std::vector<WorkflowShare> shares;
    while (PLIM_TRY(rows.next())) {
        WorkflowShare& share = shares.emplace_back();
        share.workflow = rows.take_text();
        share.runs = rows.take_integer();
        share.oldest = rows.take_wall();
        share.newest = rows.take_wall();
        share.attempts = rows.take_integer();
    }
    return shares;
}

/// A folder that no run of the database has (one that it lost) counts in the sum alone.
Result<void> add_folders(const Connection& connection, const std::string& database, Overview& overview) {
    Statement rows = PLIM_TRY(connection.prepare("SELECT id, workflow FROM runs"));
    while (PLIM_TRY(rows.next())) {
        const RunId id = rows.take_text();
        const std::string workflow = rows.take_text();
        const auto share = std::ranges::find(overview.workflows, workflow, &WorkflowShare::workflow);
        if (share != overview.workflows.end()) share->folders += size_of_folder(run_paths(database, id).folder);
    }
    overview.folders = size_of_folder(runs_folder(database));
    return {};
}

}  // namespace

Result<Overview> Database::overview() const {
    const Sizes sizes = PLIM_TRY(this->sizes());
    Overview overview{.database = sizes.file,
                      .database_free = sizes.free,
                      .runs = sizes.runs,
                      .attempts = sizes.attempts,
                      .decisions = sizes.decisions,
                      .receipts = sizes.receipts};
    overview.kinds = PLIM_TRY(connection_->number("SELECT count(DISTINCT kind) FROM attempts"));
    overview.retention = PLIM_TRY(retention());
    overview.workflows = PLIM_TRY(shares_of(*connection_));
    PLIM_TRY(add_folders(*connection_, path_, overview));
    for (const WorkflowShare& share : overview.workflows) {
        overview.oldest = std::min(overview.oldest.value_or(share.oldest), share.oldest);
        overview.newest = std::max(overview.newest.value_or(share.newest), share.newest);
    }
    std::ranges::sort(overview.workflows, std::greater(),
                      [](const WorkflowShare& share) { return std::pair(share.folders.count, share.attempts); });
    return overview;
}

}  // namespace plimsoll::history
