// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/findings.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/literal_tree.h"

using namespace plimsoll;
using namespace plimsoll::machine;

namespace {

using Files = std::map<std::string, std::string>;

Files machine_with(const Files& more) {
    Files files = {{"/proc/meminfo", "MemTotal: 16777216 kB\nMemAvailable: 10485760 kB\nSwapTotal: 1048576 kB\n"},
                   {"/proc/self/status", "Cpus_allowed_list:\t0-3\n"},
                   {"/proc/sys/kernel/osrelease", "6.1.0-18-amd64\n"},
                   {"/proc/pressure/memory", "some avg10=0.00 total=1\n"},
                   {"/proc/self/mountinfo", ""},
                   {"/proc/self/cgroup", ""},
                   {"/etc/os-release", "NAME=x\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n"}};
    for (const auto& [path, text] : more) files[path] = text;
    return files;
}

constexpr const char* v2_mount = "30 20 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n";
constexpr const char* v1_mounts =
    "31 20 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
    "32 20 0:28 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct\n"
    "33 20 0:29 / /sys/fs/cgroup/freezer rw - cgroup cgroup rw,freezer\n";

Survey survey_of(const Files& files, unsigned uid = 1000) {
    const LiteralTree tree(machine_with(files));
    return survey({.asker = {.user = uid == 0 ? "root" : "ada", .uid = uid, .pid = 7}, .ledger = "/dev/null"},
                  tree.root)
        .value();
}

Finding finding_of(const Survey& survey, std::string_view subject) {
    const std::vector<Finding> all = findings(survey);
    const auto found = std::ranges::find(all, subject, &Finding::subject);
    REQUIRE(found != all.end());
    return *found;
}

bool has(const Finding& finding, std::string_view remedy) {
    return std::ranges::any_of(finding.remedies,
                               [&](const std::string& each) { return each.find(remedy) != std::string::npos; });
}

}  // namespace

TEST_CASE("a machine is told by its system, kernel, cores and memory") {
    const Survey seen = survey_of({});
    CHECK(finding_of(seen, "system").text == "Debian GNU/Linux 12 (bookworm), Linux 6.1.0-18-amd64");
    CHECK(finding_of(seen, "processors").text == "4 cores");
    CHECK(finding_of(seen, "memory").text ==
          "16.0 GiB, 10.0 GiB of it available now; 1.00 GiB of swap, never counted on");
    CHECK(finding_of(seen, "pressure").standing == Standing::good);
    CHECK(finding_of(seen, "GPUs").text == "none");
}

TEST_CASE("a kernel too old to wait for a process by descriptor cannot run anything") {
    CHECK(finding_of(survey_of({{"/proc/sys/kernel/osrelease", "4.19.0-26-amd64\n"}}), "system").standing ==
          Standing::missing);
    CHECK(is_kernel_at_least("5.3.0", 5, 3));
    CHECK(is_kernel_at_least("6.1.0-18-amd64", 5, 3));
    CHECK_FALSE(is_kernel_at_least("5.2.99", 5, 3));
    CHECK_FALSE(is_kernel_at_least("", 5, 3));
}

TEST_CASE("where no cgroups are mounted, mounting them helps") {
    const Finding found = group_finding(survey_of({}));
    CHECK(found.standing == Standing::degraded);
    CHECK(found.remedies == std::vector<std::string>{"sudo mount -t cgroup2 none /sys/fs/cgroup"});
    CHECK(group_finding(survey_of({}, 0)).remedies.front() == "mount -t cgroup2 none /sys/fs/cgroup");
}

TEST_CASE("under systemd with v2 a scope of one's own helps, and a user manager that stays where there is none") {
    Survey seen = survey_of(
        {{"/proc/self/mountinfo", v2_mount}, {"/proc/self/cgroup", "0::/user.slice\n"}, {"/run/systemd/system/x", ""}});
    seen.groups.tree = {};
    Finding found = group_finding(seen);
    CHECK(found.standing == Standing::degraded);
    CHECK(found.remedies.front() == "systemd-run --user --scope -p Delegate=yes plimsoll run FILE");
    CHECK(has(found, "loginctl enable-linger ada"));
    seen.has_user_manager = true;
    CHECK_FALSE(has(group_finding(seen), "enable-linger"));
}

TEST_CASE("without systemd a subtree is handed over, in every hierarchy that is of use") {
    Survey seen = survey_of(
        {{"/proc/self/mountinfo", v1_mounts}, {"/proc/self/cgroup", "3:memory:/\n2:cpu,cpuacct:/\n1:freezer:/\n"}});
    seen.groups.tree = {};
    const Finding found = group_finding(seen);
    REQUIRE(found.remedies.size() == 1);
    CHECK(
        found.remedies[0] ==
        "sudo sh -c 'for d in /sys/fs/cgroup/memory /sys/fs/cgroup/cpu /sys/fs/cgroup/freezer; do mkdir -p "
        "$d/plimsoll-ada/shell; chown -R ada $d/plimsoll-ada; echo $0 > $d/plimsoll-ada/shell/cgroup.procs; done' $$");
}

TEST_CASE("groups that look usable and are not are told with why") {
    Survey seen = survey_of({{"/proc/self/mountinfo", v2_mount}, {"/proc/self/cgroup", "0::/\n"}});
    seen.groups.tree = {.kind = CgroupKind::v2, .memory = "/sys/fs/cgroup", .unified = "/sys/fs/cgroup"};
    CHECK(group_finding(seen).standing == Standing::good);
    seen.groups.refused = "enter the task's group: Permission denied";
    CHECK(group_finding(seen).standing == Standing::degraded);
    CHECK(group_finding(seen).text.find("Permission denied") != std::string::npos);
}

TEST_CASE("a container that is its own root makes a leaf for its processes") {
    Survey seen = survey_of({{"/proc/self/mountinfo", v2_mount}, {"/proc/self/cgroup", "0::/\n"}}, 0);
    seen.groups.tree = {.kind = CgroupKind::v2, .unified = "/sys/fs/cgroup"};
    seen.groups.holds_processes = true;
    const Finding found = group_finding(seen);
    CHECK(found.text.find("no hard memory limit") != std::string::npos);
    CHECK(has(found, "mkdir -p /sys/fs/cgroup/shell"));
}

TEST_CASE("a memory controller that the kernel was told to leave out is told apart") {
    Survey seen = survey_of({{"/proc/self/mountinfo", v2_mount},
                             {"/proc/self/cgroup", "0::/\n"},
                             {"/proc/cgroups", "#subsys_name\thierarchy\tnum\tenabled\nmemory\t0\t1\t0\n"}});
    seen.groups.tree = {.kind = CgroupKind::v2, .unified = "/sys/fs/cgroup"};
    CHECK(has(group_finding(seen), "cgroup_enable=memory"));
}

TEST_CASE("pressure that is switched off is told apart from pressure that the kernel does not know") {
    Survey seen = survey_of({});
    seen.pressure = Pressure::off;
    CHECK(has(finding_of(seen, "pressure"), "psi=1"));
    seen.pressure = Pressure::absent;
    CHECK(finding_of(seen, "pressure").standing == Standing::note);
}

TEST_CASE("GPUs are told by their models, and whether tasks are given them") {
    const Survey seen =
        survey_of({{"/proc/driver/nvidia/gpus/0000:17:00.0/information", "Model: \t\t NVIDIA H200\nIRQ: 1\n"},
                   {"/proc/driver/nvidia/gpus/0000:18:00.0/information", "Model: \t\t NVIDIA H200\n"}});
    CHECK(finding_of(seen, "GPUs").text ==
          "2 x NVIDIA H200; all given to tasks that ask for them (request: gpu), what they use is not measured");
    CHECK(seen.host.amounts.gpu == 2);
    const Survey other = survey_of({{"/dev/dri/renderD128", ""}});
    CHECK(finding_of(other, "GPUs").standing == Standing::note);
    CHECK(finding_of(other, "GPUs").text.starts_with("1 x GPU; not reserved"));
    CHECK(other.host.amounts.gpu == 0);
}

TEST_CASE("few open files, a history that cannot be written and a full disk each say what would help") {
    Survey seen = survey_of({});
    seen.open_files = 1024;
    CHECK(has(finding_of(seen, "limits"), "prlimit --pid $$ --nofile"));
    seen.folders = {{.what = "history", .path = "/x", .is_writable = false}};
    CHECK(has(finding_of(seen, "history"), "--history"));
    seen.folders = {{.what = "history", .path = "/x", .is_writable = true, .size = 10_GiB, .free = 1_MiB}};
    CHECK(finding_of(seen, "history").standing == Standing::degraded);
    seen.folders = {
        {.what = "history", .path = "/x", .type = "nfs", .is_network = true, .is_writable = true, .free = 9_GiB}};
    CHECK(finding_of(seen, "history").standing == Standing::note);
    seen.ledger_is_shared = false;
    CHECK(finding_of(seen, "sharing").standing == Standing::degraded);
}
