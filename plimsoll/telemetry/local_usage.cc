// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/telemetry/local_usage.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "plimsoll/base/probe.h"
#include "plimsoll/machine/main_process.h"
#include "plimsoll/telemetry/sampling.h"

namespace plimsoll::telemetry {
namespace {

constexpr Duration rest_period_young = std::chrono::milliseconds(500);
constexpr Duration rest_period = std::chrono::seconds(5);

/// All that is not read at every sample.
Usage rest_of(const Usage& usage) {
    Usage rest = usage;
    rest.memory = rest.page_cache = {};
    rest.cpu = {};
    return rest;
}

}  // namespace

LocalUsage::LocalUsage(machine::CgroupTree tree, machine::Host host, std::string root)
    : tree_(std::move(tree)),
      host_(std::move(host)),
      root_(std::move(root)),
      processes_(root_ + "/proc", ::getpid()),
      network_(processes_.proc()) {
    name_kind();
}

void LocalUsage::name_kind() {
    const bool grouped = tree_.kind != machine::CgroupKind::none;
    kind_ = grouped ? machine::name_of(tree_.kind) : "proc";
    if (grouped && tree_.memory.empty()) kind_ += " (memory by /proc)";
    if (processes_.disk_refused()) kind_ += " (disk unseen)";
}

void LocalUsage::watch(AttemptId attempt, const Placement& placement, Instant now) {
    // Without a group it is measured by its processes: of a container not before there is one.
    Watched watched{.pid = placement.pid_file.empty() ? placement.pid : 0,
                    .placement = placement,
                    .group = {},
                    .start = now,
                    .rest_read = {},
                    .last = {}};
    if (!placement.group.empty() && tree_.kind != machine::CgroupKind::none) {
        watched.group = GroupCounters::open(tree_, placement.group);
        if (!watched.group) PLIM_PROBE("telemetry: an attempt's group cannot be opened");
    }
    watched_.insert_or_assign(attempt, std::move(watched));
}

std::optional<Usage> LocalUsage::sample(AttemptId attempt, Instant now) {
    const auto found = watched_.find(attempt);
    if (found == watched_.end()) return std::nullopt;
    Watched& watched = found->second;
    const Duration period = now < watched.start + fast_phase ? rest_period_young : rest_period;
    const bool with_rest = !watched.rest_read || now >= *watched.rest_read + period;
    Usage usage = with_rest ? Usage{} : rest_of(watched.last);
    usage.at = now;
    pids_.clear();
    if (watched.pid == 0) watched.pid = machine::main_process(watched.placement);
    const bool seen = watched.group ? read_group(watched, usage, with_rest) : read_tree(watched.pid, usage, with_rest);
    watched.last = seen ? usage : Usage{};
    if (!seen) return std::nullopt;
    if (with_rest) {
        network_.add(attempt, pids_, usage, buffer_);
        watched.last = usage;
        watched.rest_read = now;
    }
    return usage;
}

bool LocalUsage::read_group(const Watched& watched, Usage& usage, bool with_rest) {
    const GroupCounters& group = *watched.group;
    if (!group.read(usage, buffer_)) return false;
    // A container's processes end as another's children: what their marks tell has to be read while they run.
    const bool in_container = !watched.placement.pid_file.empty();
    const Wanted missing{
        .memory = !group.has_memory(), .cpu = !group.has_cpu(), .high_water = in_container && with_rest};
    if (with_rest || missing.memory || missing.cpu) {
        group.add_processes(pids_, buffer_);
        sum_processes(missing, usage);
    }
    if (!with_rest) return true;
    group.read_rest(usage, buffer_);
    if (group.has_disk()) return true;
    Usage by_processes;
    sum_processes({.disk = true}, by_processes);
    usage.read_bytes = std::max(usage.read_bytes, by_processes.read_bytes);
    usage.write_bytes = std::max(usage.write_bytes, by_processes.write_bytes);
    if (group.has_disk_operations()) return true;
    usage.read_operations = by_processes.read_operations;
    usage.write_operations = by_processes.write_operations;
    return true;
}

bool LocalUsage::read_tree(int root, Usage& usage, bool with_rest) {
    if (root == 0) return false;
    processes_.add_tree(root, usage.at, pids_, buffer_);
    if (pids_.empty()) return false;
    usage.threads = 0;
    sum_processes({.memory = true, .cpu = true, .disk = with_rest, .threads = true}, usage);
    return true;
}

void LocalUsage::sum_processes(Wanted wanted, Usage& usage) {
    usage.processes = static_cast<std::uint32_t>(pids_.size());
    const bool refused_before = processes_.disk_refused();
    processes_.sum(pids_, wanted, usage, buffer_);
    if (processes_.disk_refused() != refused_before) name_kind();
}

std::optional<Usage> LocalUsage::close(AttemptId attempt, const Placement& placement, Instant now) {
    auto watched = watched_.extract(attempt);
    network_.forget(attempt);
    std::optional<GroupCounters> group;
    if (watched) group = std::move(watched.mapped().group);
    if (!group && !placement.group.empty()) group = GroupCounters::open_totals(tree_, placement.group);
    Usage usage;
    usage.at = now;
    if (!group || !group->read(usage, buffer_)) return std::nullopt;
    group->read_rest(usage, buffer_);
    usage.threads = 0;
    return usage;
}

Bytes LocalUsage::memory_in_use() const {
    Bytes sum{};
    for (const auto& [attempt, watched] : watched_) sum += watched.last.memory;
    return sum;
}

std::optional<Bytes> LocalUsage::memory_used_by_others() {
    const auto memory = machine::read_memory(host_, root_);
    if (!memory) return std::nullopt;
    return machine::used_by_foreign(*memory, memory_in_use());
}

}  // namespace plimsoll::telemetry
