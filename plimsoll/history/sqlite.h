// SPDX-License-Identifier: Apache-2.0
// The one door to SQLite: a connection, statements that bind and read values in order, and its errors
// as Results that say what to do. Internal to `history`.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "plimsoll/base/result.h"
#include "plimsoll/base/time.h"
#include "plimsoll/base/units.h"

struct sqlite3;
struct sqlite3_stmt;

namespace plimsoll::history {

/// Bytes that are not text.
struct Blob {
    std::string_view bytes;
};

/// A prepared statement. `run` binds, executes and resets; `start`, then `next` until it gives false,
/// reads rows, whose columns are taken from the left by take_*().
class Statement {
public:
    /// Executes a statement that gives no rows. Arguments are bound to ?1, ?2, ...
    template <class... Values>
    Result<void> run(const Values&... values) {
        bound_ = 0;
        (bind(values), ...);
        return finish();
    }
    /// Executes one that gives a row of one number: INSERT ... RETURNING id, SELECT count(*). Nothing: no row.
    template <class... Values>
    Result<std::optional<std::int64_t>> number(const Values&... values) {
        bound_ = 0;
        (bind(values), ...);
        return finish_with_number();
    }
    template <class... Values>
    void start(const Values&... values) {
        reset();
        bound_ = 0;
        (bind(values), ...);
    }
    /// Steps to the next row; false when there is none left.
    Result<bool> next();

    std::int64_t take_integer();
    double take_real();
    std::string take_text();
    std::string_view take_view();  ///< until the next step
    bool take_null();              ///< is the column NULL? Then it is taken, else left for the next take_*()
    Bytes take_bytes() { return {take_integer()}; }
    Cores take_cores() { return {take_real()}; }
    Duration take_duration() { return Duration(take_integer()); }
    WallTime take_wall() { return WallTime(take_duration()); }

private:
    friend class Connection;
    struct Close {
        void operator()(sqlite3_stmt* statement) const;
    };
    explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}

    void bind(std::int64_t value);
    void bind(int value) { bind(std::int64_t{value}); }
    void bind(std::uint32_t value) { bind(std::int64_t{value}); }
    /// What is not a number counts 0: SQLite would take it for NULL, and one such value would keep all that
    /// is written with it from ever being recorded.
    void bind(double value);
    void bind(const std::optional<double>& value);
    void bind(std::string_view value);
    void bind(const std::string& value) { bind(std::string_view(value)); }
    void bind(const char* value) { bind(std::string_view(value)); }
    void bind(Blob value);
    void bind(std::nullopt_t);
    void bind(Bytes value) { bind(value.count); }
    void bind(Cores value) { bind(value.count); }
    void bind(Duration value) { bind(std::int64_t{value.count()}); }
    void bind(WallTime value) { bind(value.time_since_epoch()); }
    template <class T>
    void bind(const std::optional<T>& value) {
        if (value) bind(*value);
        else bind(std::nullopt);
    }
    Result<void> finish();
    Result<std::optional<std::int64_t>> finish_with_number();
    void reset();

    std::unique_ptr<sqlite3_stmt, Close> statement_;
    int bound_ = 0;
    int taken_ = 0;
};

class Connection {
public:
    struct Options {
        bool read_only = false;
        bool immutable = false;  ///< nobody writes and no folder may be written: no locks, no shared memory
        /// How long to wait for another one's transaction: group commits take milliseconds, a big forget seconds.
        Duration lock_time = std::chrono::seconds(10);
    };
    static Result<Connection> open(const std::string& path, Options options);

    /// Executes statements that give no rows.
    Result<void> run(const std::string& sql);
    Result<Statement> prepare(std::string_view sql) const;
    /// The one number of a query without arguments.
    Result<std::int64_t> number(std::string_view sql) const;
    Result<std::string> text(std::string_view sql) const;
    int changes() const;
    bool in_transaction() const;

private:
    struct Close {
        void operator()(sqlite3* database) const;
    };
    explicit Connection(sqlite3* database) : database_(database) {}
    std::unique_ptr<sqlite3, Close> database_;
};

/// BEGIN IMMEDIATE ... COMMIT; rolled back on destruction unless committed.
class Transaction {
public:
    static Result<Transaction> begin(Connection& connection);
    Transaction(Transaction&& other) noexcept : connection_(std::exchange(other.connection_, nullptr)) {}
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();
    Result<void> commit();

private:
    explicit Transaction(Connection& connection) : connection_(&connection) {}
    Connection* connection_;
};

}  // namespace plimsoll::history
