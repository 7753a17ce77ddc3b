// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/base/hash.h"
#include "plimsoll/history/database.h"
#include "plimsoll/history/sqlite.h"

namespace plimsoll::history {
namespace {

std::int64_t digest_of(std::string_view state) { return static_cast<std::int64_t>(hash_of(state).low); }

}  // namespace

Result<std::optional<KeptModels>> Database::kept_models(std::string_view name) const {
    Statement row =
        PLIM_TRY(connection_->prepare("SELECT version, base, through, digest, state FROM models WHERE name = ?1"));
    row.start(name);
    if (!PLIM_TRY(row.next())) return std::optional<KeptModels>();
    KeptModels kept{
        .version = row.take_integer(), .base = row.take_integer(), .through = row.take_integer(), .state = {}};
    const std::int64_t digest = row.take_integer();
    kept.state = row.take_view();
    if (digest_of(kept.state) == digest) return std::optional(std::move(kept));
    return std::optional<KeptModels>();
}

Result<void> Database::keep_models(std::string_view name, const KeptModels& models) {
    Transaction transaction = PLIM_TRY(Transaction::begin(*connection_));
    Statement put = PLIM_TRY(connection_->prepare("INSERT OR REPLACE INTO models VALUES (?1, ?2, ?3, ?4, ?5, ?6)"));
    PLIM_TRY(put.run(name, models.version, models.base, models.through, digest_of(models.state), Blob{models.state}));
    return transaction.commit();
}

}  // namespace plimsoll::history
