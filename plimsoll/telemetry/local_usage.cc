// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/telemetry/local_usage.h"

#include <unistd.h>

#include <utility>

#include "plimsoll/base/probe.h"

namespace plimsoll::telemetry {

LocalUsage::LocalUsage(machine::CgroupTree tree, machine::Host host, std::string root)
    : tree_(std::move(tree)), host_(std::move(host)), root_(std::move(root)), processes_(root_ + "/proc", ::getpid()) {
    name_kind();
}

void LocalUsage::name_kind() {
    const bool grouped = tree_.kind != machine::CgroupKind::none;
    kind_ = grouped ? machine::name_of(tree_.kind) : "proc";
    if (grouped && tree_.memory.empty()) kind_ += " (memory by /proc)";
    if (processes_.disk_refused()) kind_ += " (disk unseen)";
}

void LocalUsage::watch(AttemptId attempt, const Placement& placement, Instant) {
    Watched watched{.pid = placement.pid, .group = {}, .memory = {}};
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
    Usage usage;
    usage.at = now;
    pids_.clear();
    const bool seen = watched.group ? read_group(*watched.group, usage) : read_tree(watched.pid, usage);
    watched.memory = seen ? usage.memory : Bytes{};
    if (!seen) return std::nullopt;
    return usage;
}

bool LocalUsage::read_group(const GroupCounters& group, Usage& usage) {
    if (!group.read(usage, buffer_)) return false;
    group.add_processes(pids_, buffer_);
    sum_processes({.memory = !group.has_memory(), .cpu = !group.has_cpu(), .disk = !group.has_disk()}, usage);
    return true;
}

bool LocalUsage::read_tree(int root, Usage& usage) {
    processes_.add_tree(root, usage.at, pids_, buffer_);
    if (pids_.empty()) return false;
    sum_processes({.memory = true, .cpu = true, .disk = true}, usage);
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
    std::optional<GroupCounters> group;
    if (watched) group = std::move(watched.mapped().group);
    if (!group && !placement.group.empty()) group = GroupCounters::open_totals(tree_, placement.group);
    Usage usage;
    usage.at = now;
    if (!group || !group->read(usage, buffer_)) return std::nullopt;
    return usage;
}

Bytes LocalUsage::memory_in_use() const {
    Bytes sum{};
    for (const auto& [attempt, watched] : watched_) sum += watched.memory;
    return sum;
}

std::optional<Bytes> LocalUsage::memory_used_by_others() {
    const auto memory = machine::read_memory(host_, root_);
    if (!memory) return std::nullopt;
    return machine::used_by_foreign(*memory, memory_in_use());
}

}  // namespace plimsoll::telemetry
