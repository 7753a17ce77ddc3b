// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/cgroup_memory.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "plimsoll/base/file.h"
#include "plimsoll/machine/cgroup_file.h"
#include "plimsoll/machine/proc_numbers.h"

namespace plimsoll::machine {
namespace {

// v1 shows "no limit" as the largest multiple of the page size.
constexpr std::uint64_t beyond_any_limit = std::uint64_t{1} << 62;

// What the kernel holds for a task beside its need: page tables, stacks, the hot pages of its programs.
constexpr double beside_need_share = 1.0 / 16;
constexpr Bytes least_beside_need = 4_MiB;

Bytes bytes(std::uint64_t count) { return {static_cast<std::int64_t>(count)}; }

/// Memory may never exceed memory and swap: a lower limit goes in first, a higher one last.
Result<void> set_limit_v1(const std::string& folder, Bytes limit) {
    const std::string text = limit > Bytes{} ? std::to_string(limit.count) : "-1";
    Result<void> set = write_group_file(folder, "memory.limit_in_bytes", text);
    if (!set && set.error().kind != ErrorKind::unavailable) return set;
    // Where swap is not accounted for, the file is not there. Refused, somebody's swap is in use: it counts on.
    (void)write_group_file(folder, "memory.memsw.limit_in_bytes", text);
    return set ? set : write_group_file(folder, "memory.limit_in_bytes", text);
}

std::optional<CgroupMemory> read_v1(const std::string& folder) {
    const auto usage = number_in(folder + "/memory.usage_in_bytes");
    const auto text = read_file(folder + "/memory.stat");
    std::uint64_t anon = 0, shmem = 0;
    const std::array wanted = {WantedNumber{"total_rss", &anon}, WantedNumber{"total_shmem", &shmem}};
    if (!usage || !text || read_numbers(*text, wanted) != 2) return std::nullopt;
    return CgroupMemory{.usage = bytes(*usage),
                        .need = bytes(anon + shmem),
                        .is_stalled = number_in(folder + "/memory.oom_control", "under_oom").value_or(0) != 0};
}

std::optional<CgroupMemory> read_v2(const std::string& folder) {
    const auto usage = number_in(folder + "/memory.current");
    const auto text = read_file(folder + "/memory.stat");
    // Kernels before 5.18 lack some of the latter: they stay 0.
    std::uint64_t anon = 0, shmem = 0, stacks = 0, tables = 0, slab = 0, sockets = 0;
    const std::array wanted = {WantedNumber{"anon", &anon},           WantedNumber{"shmem", &shmem},
                               WantedNumber{"kernel_stack", &stacks}, WantedNumber{"pagetables", &tables},
                               WantedNumber{"sock", &sockets},        WantedNumber{"slab_unreclaimable", &slab}};
    if (!usage || !text || read_numbers(*text, wanted) < 2) return std::nullopt;
    return CgroupMemory{.usage = bytes(*usage), .need = bytes(anon + shmem + stacks + tables + slab + sockets)};
}

Error in_use(const std::string& folder, Bytes limit, Bytes used) {
    return {ErrorKind::refused,
            "cannot limit the memory of " + folder + " to " + format(limit) + ": " + format(used) + " are in use"};
}

/// A write to memory.max kills when more is in use; one to memory.high reclaims and slows down. So that goes first,
/// and not where nothing could be reclaimed: it takes a second to find out.
Result<void> make_room_v2(const std::string& folder, Bytes limit) {
    const auto before = read_v2(folder);
    if (!before || before->usage <= limit) return {};
    if (before->need >= limit) return in_use(folder, limit, before->need);
    const auto high = read_file(folder + "/memory.high");
    PLIM_TRY(write_group_file(folder, "memory.high", std::to_string(limit.count)));
    const auto after = read_v2(folder);
    if (high) (void)write_group_file(folder, "memory.high", *high);
    if (after && after->usage > limit) return in_use(folder, limit, after->usage);
    return {};
}

Result<void> set_limit_v2(const std::string& folder, Bytes limit) {
    // Swap would let a task outgrow its limit unseen. Without swap the file is not there.
    (void)write_group_file(folder, "memory.swap.max", limit > Bytes{} ? "0" : "max");
    if (limit <= Bytes{}) return write_group_file(folder, "memory.max", "max");
    PLIM_TRY(make_room_v2(folder, limit));
    return write_group_file(folder, "memory.max", std::to_string(limit.count));
}

}  // namespace

Result<void> set_cgroup_memory_limit(const CgroupTree& tree, const std::string& name, Bytes limit) {
    const std::string folder = tree.memory + "/" + name;
    return tree.is_memory_v1() ? set_limit_v1(folder, limit) : set_limit_v2(folder, limit);
}

std::optional<Bytes> cgroup_memory_limit(const CgroupTree& tree, const std::string& name) {
    const char* file = tree.is_memory_v1() ? "/memory.limit_in_bytes" : "/memory.max";
    const auto text = read_file(tree.memory + "/" + name + file);
    if (!text) return std::nullopt;
    const auto limit = single_number(*text);  // "max" is none
    return bytes(limit && *limit < beyond_any_limit ? *limit : 0);
}

Bytes as_cgroup_memory_limit(Bytes limit) {
    const std::int64_t page = ::sysconf(_SC_PAGESIZE);
    return {limit.count / page * page};
}

Result<void> set_cgroup_memory_mark(const CgroupTree& tree, const std::string& name, Bytes mark) {
    const std::string folder = tree.memory + "/" + name;
    if (tree.is_memory_v1()) return write_group_file(folder, "memory.oom_control", mark > Bytes{} ? "1" : "0");
    if (mark <= Bytes{}) return write_group_file(folder, "memory.high", "max");
    const Bytes high = mark + std::max(mark * beside_need_share, least_beside_need);
    return write_group_file(folder, "memory.high", std::to_string(high.count));
}

std::optional<CgroupMemory> read_cgroup_memory(const CgroupTree& tree, const std::string& name) {
    const std::string folder = tree.memory + "/" + name;
    return tree.is_memory_v1() ? read_v1(folder) : read_v2(folder);
}

int cgroup_oom_kills(const CgroupTree& tree, const std::string& name) {
    if (tree.memory.empty()) return 0;
    const char* file = tree.is_memory_v1() ? "/memory.oom_control" : "/memory.events";
    return static_cast<int>(number_in(tree.memory + "/" + name + file, "oom_kill").value_or(0));
}

}  // namespace plimsoll::machine
