// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/set_aside.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <fstream>

#include "tests/temporary_folder.h"

using namespace plimsoll;
using namespace plimsoll::workflow;
using plimsoll::tests::TemporaryFolder;

namespace {

void write(const std::string& path, const std::string& text) {
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path) << text;
}

bool has(const std::string& path) { return std::filesystem::exists(path); }

}  // namespace

TEST_CASE("a moved file keeps its path below its drawer, whatever the path is") {
    const TemporaryFolder folder;
    const SetAside aside(folder.path(), "run");
    write(folder / "a/b", "text");
    CHECK(aside.move("a/b", "task[x/y]").value() == ".plimsoll/set-aside/run/task[x_y]/a/b");
    write(folder / "a/c", "text");
    CHECK(aside.move(folder / "a/c", "task").value() == ".plimsoll/set-aside/run/task/" + (folder / "a/c").substr(1));
    write(folder / "a/d", "text");
    CHECK(aside.move("a/../a/d", "task").value() == ".plimsoll/set-aside/run/task/a/_up/a/d");
}

TEST_CASE("a folder moves with all that is in it, and nothing is overwritten") {
    const TemporaryFolder folder;
    const SetAside aside(folder.path(), "run");
    for (const std::string text : {"first", "second", "third"}) {
        write(folder / "out/file", text);
        CHECK(aside.move("out/", "task"));
    }
    CHECK(has(folder / ".plimsoll/set-aside/run/task/out/file"));
    CHECK(has(folder / ".plimsoll/set-aside/run/task/out.1/file"));
    CHECK(has(folder / ".plimsoll/set-aside/run/task/out.2/file"));
}

TEST_CASE("a file on another file system is kept beside itself and pruned with its run") {
    const TemporaryFolder folder, other("/dev/shm");
    struct stat here{}, there{};
    ::stat(folder.path().c_str(), &here);
    ::stat(other.path().c_str(), &there);
    if (here.st_dev == there.st_dev) return;
    write(other / "out", "text");
    const std::string place = SetAside(folder.path(), "run1").move(other / "out", "task").value();
    CHECK(place == other / ".plimsoll/set-aside/run1/task/out");
    CHECK(has(place));
    CHECK(prune_set_aside(folder.path(), 0).value() == 1);
    CHECK_FALSE(has(other / ".plimsoll"));
}

TEST_CASE("pruning keeps the latest runs") {
    const TemporaryFolder folder;
    CHECK(prune_set_aside(folder.path(), 1).value() == 0);
    for (const std::string run : {"20261119-1", "20261121-1", "20261120-1"})
        write(folder / ".plimsoll/set-aside/" + run + "/task/out", "text");
    std::filesystem::create_directory_symlink("/", folder / ".plimsoll/set-aside/20261118-1");
    CHECK(prune_set_aside(folder.path(), 2).value() == 2);
    CHECK(has(folder / ".plimsoll/set-aside/20261121-1/task/out"));
    CHECK(has(folder / ".plimsoll/set-aside/20261120-1/task/out"));
    CHECK_FALSE(has(folder / ".plimsoll/set-aside/20261119-1"));
    CHECK_FALSE(std::filesystem::is_symlink(folder / ".plimsoll/set-aside/20261118-1"));
}

TEST_CASE("a folder is deleted without following the links in it") {
    const TemporaryFolder folder, outside;
    write(outside / "precious", "text");
    write(folder / "tree/a/b", "text");
    std::filesystem::create_directory_symlink(outside.path(), folder / "tree/link");
    CHECK(remove_entry(AT_FDCWD, folder / "tree"));
    CHECK_FALSE(has(folder / "tree"));
    CHECK(has(outside / "precious"));
    CHECK(remove_entry(AT_FDCWD, folder / "tree"));
}

TEST_CASE("a name becomes one path component of a length that the disk takes") {
    CHECK(as_component("a/b") == "a_b");
    CHECK(as_component("..") == "_..");
    CHECK(as_component("") == "_");
    CHECK(as_component(std::string(1000, 'x')).size() < 220);
    CHECK(as_component(std::string(1000, 'x')) != as_component(std::string(1001, 'x')));
}

TEST_CASE("what the disk refuses is told with a remedy") {
    CHECK(with_remedy(unavailable("cannot write x: No space left on device"), ENOSPC).message ==
          "cannot write x: No space left on device: the file system is full; free space on it (df -h) and run again");
    CHECK(with_remedy(unavailable("cannot do x"), EDOM).message == "cannot do x");
}
