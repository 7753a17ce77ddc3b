// SPDX-License-Identifier: Apache-2.0
// The CPU and the disks of real groups, as the kernel shows them.
#include <doctest/doctest.h>

#include <algorithm>

#include "plimsoll/machine/cgroup_disk.h"
#include "plimsoll/machine/cpu_list.h"
#include "tests/machine/held_task.h"
#include "tests/machine/trees.h"

using namespace plimsoll;
using namespace std::chrono_literals;

namespace {

std::string shown(const HeldTask& task, const std::string& hierarchy, const std::string& file) {
    return read_file(task.folder(hierarchy) + "/" + file).value_or("not there");
}

}  // namespace

TEST_CASE("a quota holds a task to so much CPU time") {
    on_each_tree([](const machine::CgroupTree& tree) {
        if (tree.cpu.empty()) PLIM_SKIP("no cpu controller that this user may use");
        HeldTask task(tree, {.cpu = 0.1_cores, .cpu_by = CpuLimit::quota});
        task.spin(100ms);
        const MachineClock clock;
        const Instant before = clock.now();
        REQUIRE(task.is_done());
        // 10 ms in each period of 100 ms would be a second; a kernel that counts by ticks lets some more pass.
        CHECK(clock.now() - before > 300ms);
    });
}

TEST_CASE("whole cores are taken where the fewest others have theirs") {
    on_each_tree([](const machine::CgroupTree& tree) {
        if (tree.cpuset.empty()) PLIM_SKIP("no cpuset controller that this user may use");
        const std::vector<int> all = machine::parse_cpu_list(read_file(tree.cpuset + "/cpuset.cpus").value_or(""));
        if (all.size() < 2) PLIM_SKIP("one core");
        const Limits one_core{.cpu = 1_cores, .cpu_by = CpuLimit::cpuset};
        const HeldTask first(tree, one_core);
        const HeldTask second(tree, one_core);
        CHECK(machine::parse_cpu_list(shown(first, tree.cpuset, "cpuset.cpus")).size() == 1);
        CHECK(shown(first, tree.cpuset, "cpuset.cpus") != shown(second, tree.cpuset, "cpuset.cpus"));
    });
}

TEST_CASE("every disk is throttled, and freed again") {
    on_each_tree([](const machine::CgroupTree& tree) {
        const bool is_v2 = tree.kind == machine::CgroupKind::v2;
        if (!is_v2 && tree.blkio.empty()) PLIM_SKIP("no blkio controller that this user may use");
        if (machine::disks().empty()) PLIM_SKIP("no disk");
        Limits held;
        const HeldTask task(tree, {.disk_read = 50_MiB, .disk_write = 20_MiB});
        const std::string file = is_v2 ? "io.max" : "blkio.throttle.write_bps_device";
        const std::string& hierarchy = is_v2 ? tree.unified : tree.blkio;
        for (const std::string& disk : machine::disks()) {
            CHECK(shown(task, hierarchy, file).find(disk + " ") != std::string::npos);
            CHECK(shown(task, hierarchy, file).find("20971520") != std::string::npos);
        }
        REQUIRE(machine::set_cgroup_disk_limits(tree, task.group(), {}, {}));
        CHECK(shown(task, hierarchy, file).find("20971520") == std::string::npos);
    });
}

TEST_CASE("a plain task stands in no hierarchy that it has no use of") {
    on_each_tree([](const machine::CgroupTree& tree) {
        const HeldTask task(tree, {.memory = 64_MiB, .cpu = 1_cores});
        for (const std::string& hierarchy : tree.all_hierarchies()) {
            const std::vector<std::string> used = tree.hierarchies();
            const bool is_used = std::find(used.begin(), used.end(), hierarchy) != used.end();
            CHECK((::access(task.folder(hierarchy).c_str(), F_OK) == 0) == is_used);
        }
    });
}
