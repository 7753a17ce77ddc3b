// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/shape/local_limits.h"

#include <utility>

#include "plimsoll/machine/cgroup_freeze.h"
#include "plimsoll/machine/cgroup_limits.h"

namespace plimsoll::shape {
namespace {

Error not_watched() { return {ErrorKind::not_found, "the attempt is not watched"}; }

}  // namespace

LocalLimits::LocalLimits(machine::CgroupTree tree, std::string root) : tree_(std::move(tree)), root_(std::move(root)) {
    if (tree_.memory.empty()) return;
    memory_ = std::make_unique<MemoryWatch>(tree_);
    if (!memory_->works()) memory_.reset();
}

Abilities LocalLimits::abilities() const {
    return {.limits_memory = !tree_.memory.empty(), .notices = memory_ != nullptr, .freezes = true};
}

void LocalLimits::watch(AttemptId attempt, const Placement& placement, const Limits& limits) {
    watched_.insert_or_assign(attempt, Watched{.placement = placement, .held = limits});
    if (memory_ && !placement.group.empty()) memory_->add(attempt, placement.group, limits.memory_notice);
}

void LocalLimits::forget(AttemptId attempt) {
    if (watched_.erase(attempt) > 0 && memory_) memory_->remove(attempt);
}

Result<void> LocalLimits::set(AttemptId attempt, const Limits& limits) {
    const auto found = watched_.find(attempt);
    if (found == watched_.end()) return not_watched();
    Watched& watched = found->second;
    if (watched.placement.group.empty()) return {};
    const Bytes mark_before = watched.held.memory_notice;
    Result<void> written = machine::write_cgroup_limits(tree_, watched.placement.group, limits, watched.held);
    if (memory_ && watched.held.memory_notice != mark_before) memory_->move(attempt, watched.held.memory_notice);
    return written;
}

bool LocalLimits::can_freeze_group(const Watched& watched) const {
    return !watched.placement.group.empty() && machine::can_freeze(tree_);
}

Result<void> LocalLimits::freeze(AttemptId attempt) {
    const auto found = watched_.find(attempt);
    if (found == watched_.end()) return not_watched();
    if (can_freeze_group(found->second)) return machine::freeze_cgroup(tree_, found->second.placement.group);
    return unavailable("without cgroups an attempt cannot be stopped");
}

Result<void> LocalLimits::thaw(AttemptId attempt) {
    const auto found = watched_.find(attempt);
    if (found == watched_.end()) return not_watched();
    if (can_freeze_group(found->second)) return machine::thaw_cgroup(tree_, found->second.placement.group);
    return unavailable("without cgroups an attempt cannot be stopped");
}

std::vector<Pressed> LocalLimits::take_pressed() { return memory_ ? memory_->take() : std::vector<Pressed>{}; }

std::optional<Deviation> LocalLimits::inspect(AttemptId attempt) {
    (void)attempt;
    return std::nullopt;
}

int LocalLimits::wake_fd() const { return memory_ ? memory_->wake_fd() : -1; }

}  // namespace plimsoll::shape
