// SPDX-License-Identifier: Apache-2.0
// What is written into which file, on trees that are literals: what a kernel makes of it, tests/machine shows.
#include "plimsoll/machine/cgroup_limits.h"

#include <doctest/doctest.h>

#include "plimsoll/base/file.h"
#include "plimsoll/machine/cgroup_cpu.h"
#include "plimsoll/machine/cgroup_disk.h"
#include "plimsoll/machine/cgroup_freeze.h"
#include "plimsoll/machine/cgroup_memory.h"
#include "tests/literal_tree.h"

using namespace plimsoll;
using namespace plimsoll::machine;

namespace {

/// The group "g" in v2 with every controller.
struct V2Group : LiteralTree {
    CgroupTree tree;
    V2Group()
        : LiteralTree({{"/u/cgroup.subtree_control", ""},
                       {"/u/cpuset.cpus.effective", "0-3\n"},
                       {"/u/g/memory.max", "max"},
                       {"/u/g/memory.high", "max"},
                       {"/u/g/memory.current", "4096"},
                       {"/u/g/cpu.weight", "100"},
                       {"/u/g/cpu.max", "max 100000"},
                       {"/u/g/cpuset.cpus", ""},
                       {"/u/g/io.max", ""},
                       {"/u/g/cgroup.freeze", "0"}}) {
        tree.kind = CgroupKind::v2;
        tree.unified = tree.memory = tree.cpu = tree.cpuset = root + "/u";
    }
    std::string shown(const std::string& file) const { return read_file(root + "/u/g/" + file).value(); }
};

}  // namespace

TEST_CASE("v2: the mark is memory.high, with room for what the kernel holds beside need") {
    const V2Group group;
    Limits held;
    const Limits wanted{.memory_notice = 160_MiB, .memory = 256_MiB};
    REQUIRE(write_cgroup_limits(group.tree, "g", wanted, held));
    CHECK(held == wanted);
    CHECK(group.shown("memory.max") == std::to_string((256_MiB).count));
    // A sixteenth of 160 MiB beside.
    CHECK(group.shown("memory.high") == std::to_string((170_MiB).count));
    CHECK(cgroup_memory_limit(group.tree, "g") == 256_MiB);
}

TEST_CASE("what holds already is not written again, and what somebody else wrote stays") {
    const V2Group group;
    Limits held{.memory = 256_MiB};
    REQUIRE(write_cgroup_limits(group.tree, "g", {.memory = 256_MiB}, held));
    CHECK(group.shown("memory.max") == "max");
}

TEST_CASE("a change of the way in which the CPU is held takes the way before back") {
    const V2Group group;
    Limits held;
    REQUIRE(write_cgroup_limits(group.tree, "g", {.cpu = 1.5_cores, .cpu_by = CpuLimit::quota}, held));
    CHECK(group.shown("cpu.max") == "150000 100000");
    REQUIRE(write_cgroup_limits(group.tree, "g", {.cpu = 1.5_cores, .cpu_by = CpuLimit::cpuset}, held));
    CHECK(group.shown("cpu.max").starts_with("max "));
    CHECK(group.shown("cpuset.cpus") == "0,1");
    REQUIRE(write_cgroup_limits(group.tree, "g", {.cpu = 2_cores, .cpu_by = CpuLimit::weight}, held));
    CHECK(group.shown("cpuset.cpus") == "0,1,2,3");
    CHECK(group.shown("cpu.weight") == "200");
}

TEST_CASE("without a controller for it a share of the CPU is given instead, and said once") {
    V2Group group;
    group.tree.cpuset.clear();
    Limits held;
    const Limits wanted{.cpu = 2_cores, .cpu_by = CpuLimit::cpuset};
    const Result<void> written = write_cgroup_limits(group.tree, "g", wanted, held);
    REQUIRE_FALSE(written);
    CHECK(written.error() ==
          unavailable("no cores of its own (no cpuset controller that this user may use): a share in "
                      "proportion instead"));
    CHECK(group.shown("cpu.weight") == "200");
    CHECK(write_cgroup_limits(group.tree, "g", wanted, held));
}

TEST_CASE("a group that is gone is told apart from a controller that is missing") {
    const V2Group group;
    Limits held;
    CHECK(write_cgroup_limits(group.tree, "gone", {.memory = 1_GiB}, held).error().kind == ErrorKind::not_found);
    CHECK(held == Limits{});
    group.remove("/u/g/memory.max");
    CHECK(write_cgroup_limits(group.tree, "g", {.memory = 1_GiB}, held).error().kind == ErrorKind::unavailable);
    CHECK(freeze_cgroup(group.tree, "g"));
    CHECK(freeze_cgroup(group.tree, "gone").error().kind == ErrorKind::not_found);
}

TEST_CASE("disks are those that hold something, but for those in memory") {
    const LiteralTree machine({{"/sys/block/sda/dev", "8:0\n"},
                               {"/sys/block/sda/size", "1024\n"},
                               {"/sys/block/loop0/dev", "7:0\n"},
                               {"/sys/block/loop0/size", "0\n"},
                               {"/sys/block/ram0/dev", "1:0\n"},
                               {"/sys/block/ram0/size", "8192\n"},
                               {"/sys/block/nvme0n1/dev", "259:0\n"},
                               {"/sys/block/nvme0n1/size", "1024\n"}});
    CHECK(disks(machine.root) == std::vector<std::string>{"259:0", "8:0"});
}

TEST_CASE("v1: hierarchies of CPU and disks are joined only by who asks for what they limit") {
    CgroupTree tree;
    tree.kind = CgroupKind::v1;
    tree.memory = "/m";
    tree.cpu = "/c";
    tree.cpuacct = "/a";
    tree.cpuset = "/s";
    tree.blkio = "/b";
    tree.freezer = "/f";
    using Names = std::vector<std::string>;
    CHECK(tree.hierarchies() == Names{"/m", "/a", "/f"});
    CHECK(tree.hierarchies({.memory = 1_GiB, .cpu = 1_cores}) == tree.hierarchies());
    CHECK(tree.hierarchies({.cpu = 1_cores, .cpu_by = CpuLimit::quota}) == Names{"/m", "/a", "/f", "/c"});
    CHECK(tree.hierarchies({.cpu = 1_cores, .cpu_by = CpuLimit::cpuset}) == Names{"/m", "/a", "/f", "/s"});
    CHECK(tree.hierarchies({.disk_read = 1_MiB}) == Names{"/m", "/a", "/f", "/b"});
    tree.unified = "/u";
    CHECK(tree.hierarchies() == Names{"/u", "/m"});
}
