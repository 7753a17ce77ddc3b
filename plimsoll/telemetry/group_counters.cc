// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/telemetry/group_counters.h"

#include <fcntl.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>

#include "plimsoll/machine/proc_numbers.h"

namespace plimsoll::telemetry {
namespace {

using machine::WantedNumber;

Fd open_in(const std::string& hierarchy, const std::string& group, const char* file) {
    if (hierarchy.empty()) return {};
    return Fd(::open((hierarchy + "/" + group + "/" + file).c_str(), O_RDONLY | O_CLOEXEC));
}

Bytes bytes(std::uint64_t count) { return {static_cast<std::int64_t>(count)}; }
Duration microseconds(std::uint64_t count) { return std::chrono::microseconds(count); }

Duration stall(const Fd& file, ReadBuffer& buffer) {
    if (!file) return {};
    return microseconds(machine::pressure_total_us(buffer.read(file)).value_or(0));
}

}  // namespace

std::optional<GroupCounters> GroupCounters::open_totals(const machine::CgroupTree& tree, const std::string& group) {
    GroupCounters counters;
    counters.is_memory_v1_ = tree.is_memory_v1();
    counters.memory_stat_ = open_in(tree.memory, group, "memory.stat");
    counters.memory_peak_ =
        open_in(tree.memory, group, counters.is_memory_v1_ ? "memory.max_usage_in_bytes" : "memory.peak");
    // cpu.stat of v2 counts without the controller too.
    counters.cpu_ = open_in(tree.unified, group, "cpu.stat");
    if (!counters.cpu_) {
        counters.cpu_ = open_in(tree.cpuacct, group, "cpuacct.usage");
        counters.is_cpu_v1_ = true;
    }
    // In the hybrid the v2 tree has no io controller.
    if (tree.kind == machine::CgroupKind::v2) counters.disk_ = open_in(tree.unified, group, "io.stat");
    // Only attempts with a limit on disk traffic stand in blkio.
    counters.disk_bytes_v1_ = open_in(tree.blkio, group, "blkio.throttle.io_service_bytes");
    if (counters.disk_bytes_v1_)
        counters.disk_operations_v1_ = open_in(tree.blkio, group, "blkio.throttle.io_serviced");
    // The controller is there and its file is not: the group has gone, or we have no descriptor left.
    if (!counters.memory_stat_ && (!tree.memory.empty() || !counters.cpu_)) return std::nullopt;
    return counters;
}

std::optional<GroupCounters> GroupCounters::open(const machine::CgroupTree& tree, const std::string& group) {
    std::optional<GroupCounters> counters = open_totals(tree, group);
    if (!counters) return std::nullopt;
    for (const std::string* hierarchy : {&tree.unified, &tree.memory, &tree.cpuacct})
        if (!counters->processes_) counters->processes_ = open_in(*hierarchy, group, "cgroup.procs");
    counters->threads_ = open_in(tree.unified, group, "cgroup.threads");
    for (const std::string* hierarchy : {&tree.memory, &tree.cpuacct})
        if (!counters->threads_) counters->threads_ = open_in(*hierarchy, group, "tasks");
    counters->memory_pressure_ = open_in(tree.unified, group, "memory.pressure");
    counters->cpu_pressure_ = open_in(tree.unified, group, "cpu.pressure");
    counters->io_pressure_ = open_in(tree.unified, group, "io.pressure");
    return counters;
}

bool GroupCounters::read(Usage& usage, ReadBuffer& buffer) const {
    if (memory_stat_ && !read_memory(usage, buffer)) return false;
    return !cpu_ || read_cpu(usage, buffer);
}

void GroupCounters::read_rest(Usage& usage, ReadBuffer& buffer) const {
    if (memory_peak_) usage.memory_high_water = bytes(machine::single_number(buffer.read(memory_peak_)).value_or(0));
    read_disk(usage, buffer);
    read_stalls(usage, buffer);
    if (threads_) usage.threads = buffer.count_lines(threads_);
}

void GroupCounters::read_disk(Usage& usage, ReadBuffer& buffer) const {
    machine::DiskTraffic disk;
    if (disk_) disk = machine::disk_traffic_v2(buffer.read(disk_));
    if (disk_bytes_v1_) disk.bytes = machine::disk_counts_v1(buffer.read(disk_bytes_v1_));
    if (disk_operations_v1_) disk.operations = machine::disk_counts_v1(buffer.read(disk_operations_v1_));
    usage.read_bytes = bytes(disk.bytes.read);
    usage.write_bytes = bytes(disk.bytes.written);
    usage.read_operations = disk.operations.read;
    usage.write_operations = disk.operations.written;
}

bool GroupCounters::read_memory(Usage& usage, ReadBuffer& buffer) const {
    std::uint64_t anon = 0, shmem = 0, cache = 0;
    const std::array v1 = {WantedNumber{"total_rss", &anon}, WantedNumber{"total_shmem", &shmem},
                           WantedNumber{"total_cache", &cache}};
    const std::array v2 = {WantedNumber{"anon", &anon}, WantedNumber{"shmem", &shmem}, WantedNumber{"file", &cache}};
    if (machine::read_numbers(buffer.read(memory_stat_), is_memory_v1_ ? v1 : v2) != 3) return false;
    usage.memory = bytes(anon + shmem);
    usage.page_cache = bytes(cache > shmem ? cache - shmem : 0);  // tmpfs pages are counted among the cache
    return true;
}

bool GroupCounters::read_cpu(Usage& usage, ReadBuffer& buffer) const {
    const std::string_view text = buffer.read(cpu_);
    if (is_cpu_v1_) {
        const auto nanoseconds = machine::single_number(text);
        usage.cpu = std::chrono::nanoseconds(nanoseconds.value_or(0));
        return nanoseconds.has_value();
    }
    std::uint64_t spent_us = 0;
    const std::array wanted = {WantedNumber{"usage_usec", &spent_us}};
    if (machine::read_numbers(text, wanted) != 1) return false;
    usage.cpu = microseconds(spent_us);
    return true;
}

/// Not all kernels have them, and an administrator may have switched them off: then they stay 0.
void GroupCounters::read_stalls(Usage& usage, ReadBuffer& buffer) const {
    usage.memory_stall = stall(memory_pressure_, buffer);
    usage.cpu_stall = stall(cpu_pressure_, buffer);
    usage.io_stall = stall(io_pressure_, buffer);
}

void GroupCounters::add_processes(std::vector<int>& pids, ReadBuffer& buffer) const {
    if (!processes_) return;
    std::string_view text = buffer.read(processes_);
    while (const auto pid = machine::take_number(text)) {
        if (!text.starts_with('\n')) return;  // cut off by the end of the room
        text.remove_prefix(1);
        if (*pid > 0) pids.push_back(static_cast<int>(*pid));
    }
}

}  // namespace plimsoll::telemetry
