// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <functional>

#include "plimsoll/base/file.h"
#include "plimsoll/history/connect.h"
#include "plimsoll/history/database.h"
#include "plimsoll/history/memory_store.h"
#include "plimsoll/history/open_for_run.h"
#include "plimsoll/history/samples_for_test.h"

using namespace plimsoll;
using namespace plimsoll::history;

namespace {

void record_one(const std::string& path) {
    Database database = Database::open(path, {}).value();
    auto writer = database.begin_run(sample_run()).value();
    writer->append(AttemptEnded{sample_end(0)});
    REQUIRE(writer->commit());
}

/// Root may write anywhere: the claim is put to a child that has become nobody, to whom the folder is given.
bool holds_for_an_ordinary_user(const std::string& folder, const std::function<bool()>& claim) {
    if (::geteuid() != 0) return claim();
    constexpr unsigned nobody = 65534;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
        if (::chown(entry.path().c_str(), nobody, nobody) != 0) return false;
    if (::chown(folder.c_str(), nobody, nobody) != 0) return false;
    const pid_t child = ::fork();
    if (child == 0) ::_exit(::setgid(nobody) == 0 && ::setuid(nobody) == 0 && claim() ? 0 : 1);
    int status = 0;
    return ::waitpid(child, &status, 0) == child && status == 0;
}

}  // namespace

TEST_CASE("a file that is no history is an error, and stays as it is") {
    const ScratchFolder scratch;
    const std::string path = scratch / "flow.yaml";
    const std::string text(5000, 'x');
    std::ofstream(path) << text;
    const Result<Database> refused = Database::open(path, {});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::damaged);
    CHECK(refused.error().message.find(path) != std::string::npos);
    CHECK(read_file(path).value() == text);
}

TEST_CASE("a damaged history is kept under another name, and a fresh one begins, only on demand") {
    const ScratchFolder scratch;
    const std::string path = scratch / "history.db";
    record_one(path);
    std::fstream(path, std::ios::in | std::ios::out) << "not a database any more";
    REQUIRE_FALSE(Database::open(path, {}));
    const Database fresh =
        Database::open(path, {.fresh_if_damaged = true, .now = WallTime(std::chrono::seconds(0))}).value();
    REQUIRE(fresh.warnings().size() == 1);
    CHECK(fresh.warnings()[0].find(path + ".damaged-19700101T000000Z") != std::string::npos);
    CHECK(std::filesystem::exists(path + ".damaged-19700101T000000Z"));
    CHECK(fresh.runs({}).value().empty());
}

TEST_CASE("damage within the file is told as damage, not read over") {
    const ScratchFolder scratch;
    const std::string path = scratch / "history.db";
    record_one(path);
    std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
    const Result<Database> database = Database::open(path, {});
    const bool told = !database ? database.error().kind == ErrorKind::damaged
                                : !database->faults() || !database->faults().value().empty();
    CHECK(told);
}

TEST_CASE("a history that may only be read is read, and writing it is refused at once") {
    const ScratchFolder scratch;
    const std::string path = scratch / "history.db";
    record_one(path);
    const bool holds = holds_for_an_ordinary_user(scratch.path(), [&] {
        ::chmod(path.c_str(), 0400);
        ::chmod(scratch.path().c_str(), 0500);
        const Result<Database> writable = Database::open(path, {});
        const Result<Database> readable = Database::open(path, {.read_only = true});
        return !writable && writable.error().kind == ErrorKind::unavailable && readable &&
               readable->runs({}).value().size() == 1;
    });
    CHECK(holds);
}

TEST_CASE("where no history was named and the usual place cannot be written, a run goes on unrecorded and says so") {
    const ScratchFolder scratch;
    std::filesystem::create_directories(scratch / "home/plimsoll");
    std::filesystem::create_directories(scratch / "tmp");
    record_one(scratch / "home/plimsoll/history.db");
    const bool holds = holds_for_an_ordinary_user(scratch.path(), [&] {
        ::chmod((scratch / "home/plimsoll/history.db").c_str(), 0400);
        ::chmod((scratch / "home/plimsoll").c_str(), 0500);
        Result<RunHistory> history = open_for_run(
            {.named = "", .data_home = {.xdg_data_home = scratch / "home", .home = ""}, .temporary = scratch / "tmp"});
        if (!history || history->records || history->warnings.size() != 1 || !history->database) return false;
        if (history->database->observations({.kinds = {sample_kind()}}).value().size() != 1) return false;
        const auto store = history->begin(sample_run("another"));
        return store && (*store)->append(RunEnded{}) == 1 && (*store)->commit().has_value() &&
               std::filesystem::is_directory(run_paths(history->path, "another").logs);
    });
    CHECK(holds);
}

TEST_CASE("a history that was named must work") {
    const ScratchFolder scratch;
    std::ofstream(scratch / "file") << "x";
    const HistoryChoice choice{.named = scratch / "file/history.db", .data_home = {}, .temporary = scratch.path()};
    const Result<RunHistory> refused = open_for_run(choice);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::unavailable);
}

TEST_CASE("without any place for a history a run goes on unrecorded; a damaged one stops it") {
    const ScratchFolder scratch;
    Result<RunHistory> nowhere = open_for_run({.named = "", .data_home = {}, .temporary = scratch.path()});
    REQUIRE(nowhere);
    CHECK_FALSE(nowhere->records);
    REQUIRE(nowhere->begin(sample_run()));
    CHECK(std::filesystem::is_directory(nowhere->temporary_folder()));
    REQUIRE(nowhere->remove_temporary());
    CHECK_FALSE(std::filesystem::exists(nowhere->temporary_folder()));
    CHECK(nowhere->warnings.at(0).find("not recorded") != std::string::npos);
    std::filesystem::create_directories(scratch / "plimsoll");
    std::ofstream(scratch / "plimsoll/history.db") << std::string(5000, 'x');
    const Result<RunHistory> damaged = open_for_run(
        {.named = "", .data_home = {.xdg_data_home = scratch.path(), .home = ""}, .temporary = scratch.path()});
    REQUIRE_FALSE(damaged);
    CHECK(damaged.error().kind == ErrorKind::damaged);
}

TEST_CASE("a rollback journal serves where a write-ahead log cannot") {
    const ScratchFolder scratch;
    const std::string path = scratch / "history.db";
    record_one(path);
    Connection connection = connect(path, JournalMode::rollback).value();
    CHECK(connection.text("PRAGMA journal_mode").value() == "truncate");
    CHECK(connection.number("SELECT count(*) FROM attempts").value() == 1);
    CHECK(connection.run("UPDATE runs SET machine = 'm2'"));
}
