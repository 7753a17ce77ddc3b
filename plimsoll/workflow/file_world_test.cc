// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/file_world.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plimsoll/base/file.h"
#include "tests/temporary_folder.h"

using namespace plimsoll;
using namespace plimsoll::workflow;

TEST_CASE("patterns find what the shell would, sorted") {
    const tests::TemporaryFolder folder;
    for (const char* name :
         {"reads/s2.fq", "reads/s1.fq", "reads/.hidden.fq", "reads/deep/s3.fq", "reads/x[1].fa", "top.fq"}) {
        const std::string path = folder.path() + "/" + name;
        REQUIRE(make_folders(path.substr(0, path.rfind('/'))));
        REQUIRE(replace_file(path, "x"));
    }
    REQUIRE(::symlink(".", (folder.path() + "/reads/loop").c_str()) == 0);
    using Paths = std::vector<std::string>;
    const FileWorld world = disk_world(folder.path());
    CHECK(world.glob("reads/*.fq") == Paths{"reads/s1.fq", "reads/s2.fq"});
    CHECK(world.glob("*/s?.fq") == Paths{"reads/s1.fq", "reads/s2.fq"});
    CHECK(world.glob("**/*.fq") == Paths{"reads/deep/s3.fq", "reads/s1.fq", "reads/s2.fq", "top.fq"});
    CHECK(world.glob("reads/.h*") == Paths{"reads/.hidden.fq"});
    CHECK(world.glob("reads/d*") == Paths{"reads/deep"});
    CHECK(world.glob("nothing/*") == Paths{});
    CHECK(world.glob(folder.path() + "/top.*") == Paths{folder.path() + "/top.fq"});
    CHECK(world.exists("reads/x[1].fa"));
    CHECK_FALSE(world.exists("reads/x1.fa"));
}
