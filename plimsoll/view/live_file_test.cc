// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/view/live_file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "plimsoll/machine/process.h"
#include "plimsoll/view/run_view_for_test.h"
#include "plimsoll/view/run_view_json.h"
#include "tests/temporary_folder.h"

using namespace plimsoll;
using namespace plimsoll::view;

namespace {

RunView run_of_this_process(const RunId& id) {
    RunView run = run_for_test();
    run.run = id;
    run.owner = machine::process_identity(::getpid()).value();
    return run;
}

}  // namespace

TEST_CASE("a run is there for others from its first word to its end") {
    const tests::TemporaryFolder place;
    const std::string folder = live_folder(place.path() + "/ledger");
    const RunView run = run_of_this_process("20261121-1");
    {
        LiveFile file = LiveFile::open(folder, run.run).value();
        CHECK(!read_live(folder, run.run));
        REQUIRE(file.publish(run));
        CHECK(read_live(folder, run.run) == run);
        const RunView second = run_of_this_process("20261121-0");
        LiveFile other = LiveFile::open(folder, second.run).value();
        REQUIRE(other.publish(second));
        CHECK(read_all_live(folder) == std::vector{second, run});
    }
    CHECK(!read_live(folder, run.run));
    CHECK(std::filesystem::is_empty(folder));
}

TEST_CASE("a run whose process is gone is none, and the next run removes it") {
    const tests::TemporaryFolder place;
    const std::string folder = live_folder(place.path() + "/ledger");
    RunView dead = run_of_this_process("dead");
    ++dead.owner.start_ticks;  // its pid serves somebody else
    LiveFile file = LiveFile::open(folder, "dead").value();
    REQUIRE(file.publish(dead));
    CHECK(!read_live(folder, "dead"));
    CHECK(read_all_live(folder).empty());
    const LiveFile next = LiveFile::open(folder, "next").value();
    CHECK(std::filesystem::is_empty(folder));
}

TEST_CASE("a folder that others can write to is not used, nor one that a link leads to") {
    const tests::TemporaryFolder place;
    const std::string folder = place.path() + "/open";
    ::mkdir(folder.c_str(), 0777);
    ::chmod(folder.c_str(), 0777);
    CHECK(LiveFile::open(folder, "run").error().kind == ErrorKind::refused);
    CHECK(read_all_live(folder).empty());
    const std::string own = place.path() + "/own", link = place.path() + "/link";
    ::mkdir(own.c_str(), 0700);
    REQUIRE(::symlink(own.c_str(), link.c_str()) == 0);
    CHECK(!LiveFile::open(link, "run"));
}

TEST_CASE("what others have left half written is no run") {
    const tests::TemporaryFolder place;
    const std::string folder = live_folder(place.path() + "/ledger");
    ::mkdir(folder.c_str(), 0700);
    std::ofstream(folder + "/half.json") << to_json(run_for_test()).substr(0, 100);
    CHECK(read_all_live(folder).empty());
}
