// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/history/location.h"

#include <doctest/doctest.h>

#include <set>

using namespace plimsoll;
using namespace plimsoll::history;

TEST_CASE("a history lies under XDG_DATA_HOME, else under HOME, else it has no place") {
    CHECK(default_database({.xdg_data_home = "/x", .home = "/h"}).value() == "/x/plimsoll/history.db");
    CHECK(default_database({.xdg_data_home = "", .home = "/h"}).value() == "/h/.local/share/plimsoll/history.db");
    CHECK(default_database({.xdg_data_home = "relative", .home = "/h"}).value() ==
          "/h/.local/share/plimsoll/history.db");
    const Result<std::string> none = default_database({.xdg_data_home = "", .home = ""});
    REQUIRE_FALSE(none);
    CHECK(none.error().message.find("--history") != std::string::npos);
}

TEST_CASE("a run's files lie beside the database") {
    const RunPaths paths = run_paths("/x/plimsoll/history.db", "r1");
    CHECK(paths.folder == "/x/plimsoll/runs/r1");
    CHECK(paths.logs == "/x/plimsoll/runs/r1/logs");
    CHECK(paths.events == "/x/plimsoll/runs/r1/events.jsonl");
    CHECK(run_paths("here.db", "r1").folder == "runs/r1");
}

TEST_CASE("a log is named after its task and attempt, in characters that shells and file systems take") {
    CHECK(log_file_name("align[s1]", 1) == "align[s1].1.log");
    CHECK(log_file_name("a/b c\n", 2) == "a%2Fb%20c%0A.2.log");
    CHECK(log_file_name("größe", 1) == "größe.1.log");
}

TEST_CASE("different attempts never share a log, however long or alike their names") {
    const std::string long_name(1000, 'x');
    const std::set<std::string> names = {log_file_name("a", 1),       log_file_name("a", 11),
                                         log_file_name("a.1", 1),     log_file_name("a/b", 1),
                                         log_file_name("a%2Fb", 1),   log_file_name(long_name, 1),
                                         log_file_name(long_name, 2), log_file_name(long_name + "y", 1)};
    CHECK(names.size() == 8);
    for (const std::string& name : names) CHECK(name.size() <= 255);
}
