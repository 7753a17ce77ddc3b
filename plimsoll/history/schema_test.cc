// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/history/schema.h"

#include <doctest/doctest.h>

#include <vector>

#include "plimsoll/history/samples_for_test.h"

using namespace plimsoll;
using namespace plimsoll::history;

namespace {

Connection open_new(const ScratchFolder& scratch, const std::string& name = "history.db") {
    return Connection::open(scratch / name, {}).value();
}

std::string schema_of(const Connection& connection) {
    return connection.text("SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema ORDER BY name)").value();
}

std::vector<std::string_view> with(std::initializer_list<std::string_view> more) {
    std::vector<std::string_view> versions(migrations().begin(), migrations().end());
    versions.insert(versions.end(), more);
    return versions;
}

constexpr std::string_view some_run =
    "INSERT INTO runs (id, workflow, file, folder, machine, version, started, state, owner_pid, owner_start_ticks, "
    "owner_boot_id)"
    " VALUES ('r1', 'w', 'f', '/d', 'm', '0', 1, 'finished', 1, 1, 'b')";

}  // namespace

TEST_CASE("from every older version a history becomes what a fresh one is") {
    const ScratchFolder scratch;
    Connection fresh = open_new(scratch, "fresh.db");
    REQUIRE(migrate(fresh, migrations()));
    for (std::size_t version = 0; version <= migrations().size(); ++version) {
        Connection old = open_new(scratch, "old" + std::to_string(version) + ".db");
        REQUIRE(migrate(old, migrations().first(version)));
        REQUIRE(migrate(old, migrations()));
        CHECK(schema_of(old) == schema_of(fresh));
        CHECK(check_version(old, migrations()));
    }
}

TEST_CASE("a migration keeps the rows") {
    const ScratchFolder scratch;
    Connection connection = open_new(scratch);
    REQUIRE(migrate(connection, migrations()));
    REQUIRE(connection.run(std::string(some_run)));
    const auto versions = with({"ALTER TABLE runs ADD COLUMN note TEXT", "UPDATE runs SET note = 'old'"});
    CHECK_FALSE(check_version(connection, versions));
    REQUIRE(migrate(connection, versions));
    CHECK(connection.text("SELECT note FROM runs WHERE id = 'r1'").value() == "old");
}

TEST_CASE("a migration that fails leaves the history as it was") {
    const ScratchFolder scratch;
    Connection connection = open_new(scratch);
    REQUIRE(migrate(connection, migrations()));
    const std::string before = schema_of(connection);
    CHECK_FALSE(migrate(connection, with({"ALTER TABLE runs ADD COLUMN note TEXT", "no sql at all"})));
    CHECK(schema_of(connection) == before);
    CHECK(check_version(connection, migrations()));
}

TEST_CASE("a newer Plimsoll's history is refused with the remedy") {
    const ScratchFolder scratch;
    Connection connection = open_new(scratch);
    REQUIRE(migrate(connection, with({"CREATE TABLE more (x)"})));
    const Result<void> refused = migrate(connection, migrations());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::refused);
    CHECK(refused.error().message.find("use the newer Plimsoll") != std::string::npos);
}

TEST_CASE("somebody else's database is left alone") {
    const ScratchFolder scratch;
    Connection connection = open_new(scratch);
    REQUIRE(connection.run("CREATE TABLE theirs (x)"));
    CHECK(migrate(connection, migrations()).error().kind == ErrorKind::damaged);
    CHECK(connection.number("SELECT count(*) FROM sqlite_schema").value() == 1);
}

TEST_CASE("decisions can neither be changed nor deleted but by forgetting their run") {
    const ScratchFolder scratch;
    Connection connection = open_new(scratch);
    REQUIRE(migrate(connection, migrations()));
    REQUIRE(connection.run("PRAGMA foreign_keys = ON"));
    REQUIRE(connection.run(std::string(some_run)));
    REQUIRE(
        connection.run("INSERT INTO texts VALUES (1, ''); INSERT INTO decisions VALUES (1, 1, 0, 1, 5, 1, 1, '', '', "
                       "'because', 1, 0, NULL)"));
    CHECK_FALSE(connection.run("UPDATE decisions SET reason = 'otherwise'"));
    CHECK_FALSE(connection.run("DELETE FROM decisions"));
    CHECK_FALSE(connection.run("DELETE FROM runs"));
    CHECK(connection.text("SELECT reason FROM decisions").value() == "because");
    CHECK(connection.run("INSERT INTO forgetting VALUES (1); DELETE FROM runs"));
    CHECK(connection.number("SELECT count(*) FROM decisions").value() == 0);
}
