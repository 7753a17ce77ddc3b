// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/history/schema.h"

#include <fmt/format.h>

namespace plimsoll::history {
namespace {

constexpr std::int64_t application_id = 0x504c494d;  // "PLIM" at byte 68 of the file, for file(1)

Error newer(std::int64_t found, std::size_t known) {
    return {ErrorKind::refused,
            fmt::format("this history is of version {}, of a newer Plimsoll; this one knows versions up to {}: "
                        "use the newer Plimsoll, or another history with --history",
                        found, known)};
}

/// The version of a history, 0 for an empty file. One statement: it sees one state of the file, however
/// many others are making it at the same time.
Result<std::int64_t> version_of(Connection& connection) {
    Statement statement = PLIM_TRY(
        connection.prepare("SELECT (SELECT user_version FROM pragma_user_version), "
                           "(SELECT application_id FROM pragma_application_id), (SELECT count(*) FROM sqlite_schema)"));
    PLIM_TRY(statement.next());
    const std::int64_t version = statement.take_integer(), owner = statement.take_integer(),
                       objects = statement.take_integer();
    if (owner != application_id && (owner != 0 || version != 0 || objects != 0))
        return Error{ErrorKind::damaged, "this database was not made by Plimsoll; name another file with --history"};
    return version;
}

}  // namespace

Result<void> check_version(Connection& connection, std::span<const std::string_view> versions) {
    const std::int64_t version = PLIM_TRY(version_of(connection));
    if (version > static_cast<std::int64_t>(versions.size())) return newer(version, versions.size());
    if (version < static_cast<std::int64_t>(versions.size()))
        return unavailable(fmt::format(
            "this history is of version {} and has to be brought to version {}, which needs write permission", version,
            versions.size()));
    return {};
}

Result<void> migrate(Connection& connection, std::span<const std::string_view> versions) {
    const auto last = static_cast<std::int64_t>(versions.size());
    if (PLIM_TRY(version_of(connection)) == last) return {};
    Transaction transaction = PLIM_TRY(Transaction::begin(connection));
    // Asked again: another process may have migrated while this one waited.
    const std::int64_t version = PLIM_TRY(version_of(connection));
    if (version > last) return newer(version, versions.size());
    for (std::int64_t next = version; next < last; ++next)
        PLIM_TRY(connection.run(std::string(versions[static_cast<std::size_t>(next)])));
    PLIM_TRY(connection.run(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", application_id, last)));
    return transaction.commit();
}

}  // namespace plimsoll::history
