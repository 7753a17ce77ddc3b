// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/history/sqlite.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cmath>
#include <utility>

#include "plimsoll/base/check.h"

namespace plimsoll::history {
namespace {

struct Remedy {
    int code;
    ErrorKind kind;
    const char* text;
};
constexpr Remedy remedies[] = {
    {SQLITE_CORRUPT, ErrorKind::damaged,
     "the file is damaged; `plimsoll history set-aside` keeps it under another name, so that a fresh one can begin"},
    {SQLITE_NOTADB, ErrorKind::damaged,
     "the file is no history, or a damaged one; name another with --history, or keep this one under another name by "
     "`plimsoll history set-aside`"},
    {SQLITE_FULL, ErrorKind::unavailable, "the disk is full: make room"},
    {SQLITE_BUSY, ErrorKind::refused, "another process holds it for long; try again when that one is done"},
    {SQLITE_LOCKED, ErrorKind::refused, "another process holds it for long; try again when that one is done"},
    {SQLITE_READONLY, ErrorKind::unavailable, "the file or its folder cannot be written; name another with --history"},
    {SQLITE_PERM, ErrorKind::unavailable, "no permission; name another with --history"},
    {SQLITE_CANTOPEN, ErrorKind::unavailable, "the file or its folder cannot be opened; name another with --history"},
    {SQLITE_IOERR, ErrorKind::unavailable, "reading or writing failed: look at the disk and its space"},
};

Error sqlite_error(sqlite3* database, int code) {
    const std::string what = database ? sqlite3_errmsg(database) : sqlite3_errstr(code);
    for (const Remedy& remedy : remedies)
        if (remedy.code == (code & 0xff)) return {remedy.kind, fmt::format("{} ({})", what, remedy.text)};
    return {ErrorKind::damaged, what};
}

Error error_of(sqlite3_stmt* statement) {
    sqlite3* database = sqlite3_db_handle(statement);
    return sqlite_error(database, sqlite3_extended_errcode(database));
}

}  // namespace

void Statement::Close::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
void Connection::Close::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

void Statement::bind(std::int64_t value) { sqlite3_bind_int64(statement_.get(), ++bound_, value); }
void Statement::bind(double value) { sqlite3_bind_double(statement_.get(), ++bound_, std::isnan(value) ? 0 : value); }
void Statement::bind(const std::optional<double>& value) {
    if (value && !std::isnan(*value)) bind(*value);
    else bind(std::nullopt);
}
void Statement::bind(std::nullopt_t) { sqlite3_bind_null(statement_.get(), ++bound_); }

// Copied: rows are stepped through after the caller's text may be gone. A null pointer would bind NULL.
void Statement::bind(std::string_view value) {
    sqlite3_bind_text64(statement_.get(), ++bound_, value.data() ? value.data() : "", value.size(), SQLITE_TRANSIENT,
                        SQLITE_UTF8);
}

void Statement::bind(Blob value) {
    const std::string_view bytes = value.bytes;
    sqlite3_bind_blob64(statement_.get(), ++bound_, bytes.data() ? bytes.data() : "", bytes.size(), SQLITE_TRANSIENT);
}

void Statement::reset() {
    sqlite3_reset(statement_.get());
    taken_ = 0;
}

Result<bool> Statement::next() {
    taken_ = 0;
    const int code = sqlite3_step(statement_.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) {
        reset();
        return false;
    }
    Error error = error_of(statement_.get());
    reset();
    return error;
}

Result<void> Statement::finish() {
    while (PLIM_TRY(next())) {}
    return {};
}

Result<std::optional<std::int64_t>> Statement::finish_with_number() {
    std::optional<std::int64_t> number;
    if (PLIM_TRY(next())) {
        number = take_integer();
        PLIM_TRY(finish());
    }
    return number;
}

std::int64_t Statement::take_integer() { return sqlite3_column_int64(statement_.get(), taken_++); }
double Statement::take_real() { return sqlite3_column_double(statement_.get(), taken_++); }
std::string Statement::take_text() { return std::string(take_view()); }

std::string_view Statement::take_view() {
    const int column = taken_++;
    const void* bytes = sqlite3_column_blob(statement_.get(), column);
    return {static_cast<const char*>(bytes), static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

bool Statement::take_null() {
    if (sqlite3_column_type(statement_.get(), taken_) != SQLITE_NULL) return false;
    ++taken_;
    return true;
}

Result<Connection> Connection::open(const std::string& path, Options options) {
    std::string name = "file:";
    for (const char c : path) name += c == '?' || c == '#' || c == '%' ? fmt::format("%{:02x}", c) : std::string(1, c);
    if (options.immutable) name += "?immutable=1";
    const int access = options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    sqlite3* raw = nullptr;
    const int code = sqlite3_open_v2(name.c_str(), &raw, access | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, nullptr);
    Connection connection(raw);
    if (code != SQLITE_OK) return sqlite_error(raw, code);
    sqlite3_extended_result_codes(raw, 1);
    sqlite3_busy_timeout(raw,
                         static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(options.lock_time).count()));
    if (!options.read_only && sqlite3_db_readonly(raw, "main") == 1) return sqlite_error(nullptr, SQLITE_READONLY);
    return connection;
}

Result<void> Connection::run(const std::string& sql) {
    const int code = sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return sqlite_error(database_.get(), code);
    return {};
}

Result<Statement> Connection::prepare(std::string_view sql) const {
    sqlite3_stmt* statement = nullptr;
    const int code =
        sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()), 0, &statement, nullptr);
    if (code != SQLITE_OK) return sqlite_error(database_.get(), code);
    return Statement(statement);
}

Result<std::int64_t> Connection::number(std::string_view sql) const {
    Statement statement = PLIM_TRY(prepare(sql));
    return PLIM_TRY(statement.number()).value_or(0);
}

Result<std::string> Connection::text(std::string_view sql) const {
    Statement statement = PLIM_TRY(prepare(sql));
    std::string text;
    if (PLIM_TRY(statement.next())) text = statement.take_text();
    return text;
}

int Connection::changes() const { return sqlite3_changes(database_.get()); }
bool Connection::in_transaction() const { return sqlite3_get_autocommit(database_.get()) == 0; }

Result<Transaction> Transaction::begin(Connection& connection) {
    PLIM_TRY(connection.run("BEGIN IMMEDIATE"));
    return Transaction(connection);
}

// A failed rollback leaves nothing to roll back: SQLite has done so itself.
Transaction::~Transaction() {
    if (connection_ && connection_->in_transaction()) (void)connection_->run("ROLLBACK");
}

Result<void> Transaction::commit() {
    PLIM_TRY(connection_->run("COMMIT"));
    connection_ = nullptr;
    return {};
}

}  // namespace plimsoll::history
