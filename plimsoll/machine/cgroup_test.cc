// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/cgroup.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <map>

#include "plimsoll/machine/cgroup_memory.h"
#include "tests/literal_tree.h"

using namespace plimsoll;
using namespace plimsoll::machine;
namespace fs = std::filesystem;

namespace {

struct LiteralMachine : LiteralTree {
    using LiteralTree::LiteralTree;
    CgroupTree find() const { return find_cgroups(root); }
};

const std::string v1_mounts =
    "32 31 0:29 / /cg/cpu rw,relatime - cgroup cgroup rw,cpu,cpuacct\n"
    "35 31 0:32 / /cg/memory rw,relatime - cgroup cgroup rw,memory\n"
    "36 31 0:35 / /cg/systemd rw,relatime - cgroup cgroup rw,name=systemd\n";
const std::string v2_mount = "40 31 0:33 / /cg/unified rw,relatime - cgroup2 cgroup2 rw\n";

}  // namespace

TEST_CASE("without cgroup mounts there are no groups") {
    const LiteralMachine machine(
        {{"/proc/self/mountinfo", "31 23 0:28 / / rw - ext4 /dev/root rw\n"}, {"/proc/self/cgroup", ""}});
    CHECK(machine.find() == CgroupTree{});
}

TEST_CASE("v1 hierarchies are found by controller, also when two share a mount") {
    const LiteralMachine machine({{"/proc/self/mountinfo", v1_mounts},
                                  {"/proc/self/cgroup", "5:memory:/\n1:cpu,cpuacct:/\n"},
                                  {"/cg/cpu/cgroup.procs", ""},
                                  {"/cg/memory/cgroup.procs", ""}});
    const CgroupTree tree = machine.find();
    CHECK(tree.kind == CgroupKind::v1);
    CHECK(tree.memory == machine.root + "/cg/memory");
    CHECK(tree.cpuacct == machine.root + "/cg/cpu");
    CHECK(tree.hierarchies() == std::vector<std::string>{tree.memory, tree.cpuacct});
}

TEST_CASE("v1 controllers beside a v2 tree are the hybrid") {
    const LiteralMachine machine({{"/proc/self/mountinfo", v1_mounts + v2_mount},
                                  {"/proc/self/cgroup", "5:memory:/other/job\n1:cpu,cpuacct:/\n0::/\n"},
                                  {"/cg/cpu/cgroup.procs", ""},
                                  {"/cg/memory/cgroup.procs", ""},
                                  {"/cg/memory/other/job/memory.limit_in_bytes", "9223372036854771712\n"},
                                  {"/cg/unified/cgroup.procs", ""},
                                  {"/cg/unified/cgroup.controllers", "hugetlb\n"}});
    const CgroupTree tree = machine.find();
    CHECK(tree.kind == CgroupKind::hybrid);
    CHECK(tree.memory == machine.root + "/cg/memory");
    CHECK(tree.is_memory_v1());
    CHECK(tree.hierarchies() == std::vector<std::string>{machine.root + "/cg/unified", tree.memory});
}

TEST_CASE("a limit that somebody set around us stays around our tasks") {
    const LiteralMachine machine({{"/proc/self/mountinfo", v1_mounts},
                                  {"/proc/self/cgroup", "5:memory:/slurm/job_7/step_0\n"},
                                  {"/cg/memory/cgroup.procs", ""},
                                  {"/cg/memory/slurm/cgroup.procs", ""},
                                  {"/cg/memory/slurm/job_7/cgroup.procs", ""},
                                  {"/cg/memory/slurm/job_7/memory.limit_in_bytes", "1073741824\n"},
                                  {"/cg/memory/slurm/job_7/step_0/cgroup.procs", ""}});
    CHECK(machine.find().memory == machine.root + "/cg/memory/slurm/job_7");
}

TEST_CASE("within a task of another Plimsoll groups stay within that task's group") {
    const LiteralMachine machine({{"/proc/self/mountinfo", v1_mounts},
                                  {"/proc/self/cgroup", "5:memory:/plimsoll/run/3.1\n"},
                                  {"/cg/memory/cgroup.procs", ""},
                                  {"/cg/memory/plimsoll/cgroup.procs", ""},
                                  {"/cg/memory/plimsoll/run/cgroup.procs", ""},
                                  {"/cg/memory/plimsoll/run/3.1/cgroup.procs", ""}});
    CHECK(machine.find().memory == machine.root + "/cg/memory/plimsoll/run/3.1");
}

TEST_CASE("v2 takes the controllers that are handed down, or that we can hand down") {
    std::map<std::string, std::string> files = {{"/proc/self/mountinfo", v2_mount},
                                                {"/proc/self/cgroup", "0::/\n"},
                                                {"/cg/unified/cgroup.procs", "1\n"},
                                                {"/cg/unified/cgroup.controllers", "cpu io memory pids\n"},
                                                {"/cg/unified/cgroup.subtree_control", "memory\n"}};
    const LiteralMachine at_the_root(files);
    CHECK(at_the_root.find().kind == CgroupKind::v2);
    CHECK(at_the_root.find().memory == at_the_root.root + "/cg/unified");
    CHECK(at_the_root.find().cpu == at_the_root.root + "/cg/unified");
    CHECK_FALSE(at_the_root.find().is_memory_v1());

    // Below the root a group that holds processes cannot hand a controller down.
    files["/cg/unified/cgroup.type"] = "domain\n";
    const LiteralMachine below(files);
    CHECK(below.find().memory == below.root + "/cg/unified");
    CHECK(below.find().cpu.empty());
}

TEST_CASE("a container sees its own part of a hierarchy as the mount's root") {
    const LiteralMachine machine(
        {{"/proc/self/mountinfo", "35 31 0:32 /docker/abc /cg/memory rw - cgroup cgroup rw,memory\n"},
         {"/proc/self/cgroup", "5:memory:/docker/abc/inner\n"},
         {"/cg/memory/cgroup.procs", ""},
         {"/cg/memory/inner/cgroup.procs", ""},
         {"/cg/memory/inner/memory.limit_in_bytes", "1048576\n"}});
    CHECK(machine.find().memory == machine.root + "/cg/memory/inner");
}

TEST_CASE("a group is made with all above it and removed with all beneath it") {
    const LiteralMachine machine({{"/u/keep", ""}, {"/m/keep", ""}});
    CgroupTree tree;
    tree.kind = CgroupKind::hybrid;
    tree.unified = machine.root + "/u";
    tree.memory = machine.root + "/m";
    REQUIRE(make_cgroup(tree, "plimsoll/run"));
    REQUIRE(make_cgroup_in_parent(tree, "plimsoll/run/1.1"));
    REQUIRE(make_cgroup_in_parent(tree, "plimsoll/run/1.1"));
    CHECK(fs::is_directory(tree.memory + "/plimsoll/run/1.1"));
    CHECK_FALSE(make_cgroup_in_parent(tree, "plimsoll/other/1.1"));
    REQUIRE(remove_cgroup(tree, "plimsoll/run"));
    REQUIRE(remove_cgroup(tree, "plimsoll/run"));
    CHECK_FALSE(fs::exists(tree.unified + "/plimsoll/run"));
    CHECK(fs::exists(tree.unified + "/plimsoll"));
}

TEST_CASE("out-of-memory kills are the kernel's own count") {
    const LiteralMachine machine({{"/m/g/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n"},
                                  {"/u/g/memory.events", "low 0\noom 4\noom_kill 3\n"}});
    CgroupTree v1, v2;
    v1.memory = machine.root + "/m";
    v2.memory = v2.unified = machine.root + "/u";
    CHECK(cgroup_oom_kills(v1, "g") == 2);
    CHECK(cgroup_oom_kills(v2, "g") == 3);
    CHECK(cgroup_oom_kills(v1, "gone") == 0);
    CHECK(cgroup_oom_kills(CgroupTree{}, "g") == 0);
}
