// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/cgroup_limits.h"

#include "plimsoll/machine/cgroup_cpu.h"
#include "plimsoll/machine/cgroup_disk.h"
#include "plimsoll/machine/cgroup_memory.h"

namespace plimsoll::machine {
namespace {

/// Of several errors the first, with what the others say.
void note(const Result<void>& result, Result<void>& first) {
    if (result) return;
    first = first ? result.error() : Error{first.error().kind, first.error().message + "; " + result.error().message};
}

Result<void> write_mark(const CgroupTree& tree, const std::string& name, Bytes mark, Limits& held) {
    // v1 needs to know only whether there is a mark at all: the notices are the watcher's.
    const bool is_written = tree.is_memory_v1() ? (mark > Bytes{}) == (held.memory_notice > Bytes{})  //
                                                : mark == held.memory_notice;
    if (!is_written) PLIM_TRY(set_cgroup_memory_mark(tree, name, mark));
    held.memory_notice = mark;
    return {};
}

Result<void> write_limit(const CgroupTree& tree, const std::string& name, Bytes limit, Limits& held) {
    if (limit != held.memory) PLIM_TRY(set_cgroup_memory_limit(tree, name, limit));
    held.memory = limit;
    return {};
}

Result<void> write_memory(const CgroupTree& tree, const std::string& name, const Limits& wanted, Limits& held) {
    if (tree.memory.empty()) return {};
    Result<void> first;
    const bool is_raised = wanted.memory <= Bytes{} || (held.memory > Bytes{} && wanted.memory > held.memory);
    if (is_raised) note(write_limit(tree, name, wanted.memory, held), first);
    note(write_mark(tree, name, wanted.memory_notice, held), first);
    if (!is_raised) note(write_limit(tree, name, wanted.memory, held), first);
    return first;
}

Result<void> write_cpu(const CgroupTree& tree, const std::string& name, const Limits& wanted, Limits& held) {
    if (wanted.cpu == held.cpu && wanted.cpu_by == held.cpu_by) return {};
    const bool is_freed = held.cpu > Cores{} && (wanted.cpu_by != held.cpu_by || wanted.cpu <= Cores{});
    if (is_freed) free_cgroup_cpu(tree, name, held.cpu_by);
    // Also after an error: what cannot be had is said once.
    held.cpu = wanted.cpu;
    held.cpu_by = wanted.cpu_by;
    return wanted.cpu > Cores{} ? set_cgroup_cpu(tree, name, wanted.cpu, wanted.cpu_by) : Result<void>{};
}

Result<void> write_disk(const CgroupTree& tree, const std::string& name, const Limits& wanted, Limits& held) {
    if (wanted.disk_read == held.disk_read && wanted.disk_write == held.disk_write) return {};
    held.disk_read = wanted.disk_read;
    held.disk_write = wanted.disk_write;
    return set_cgroup_disk_limits(tree, name, wanted.disk_read, wanted.disk_write);
}

}  // namespace

Result<void> write_cgroup_limits(const CgroupTree& tree, const std::string& name, const Limits& wanted, Limits& held) {
    Result<void> first;
    note(write_memory(tree, name, wanted, held), first);
    note(write_cpu(tree, name, wanted, held), first);
    note(write_disk(tree, name, wanted, held), first);
    return first;
}

}  // namespace plimsoll::machine
