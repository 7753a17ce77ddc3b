// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/shape/local_limits.h"

#include <utility>

#include "plimsoll/machine/cgroup_freeze.h"
#include "plimsoll/machine/cgroup_limits.h"
#include "plimsoll/machine/cgroup_memory.h"

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
    Watched watched{.placement = placement, .held = limits, .deviations = {}, .tree = {}};
    const bool freezes_group = !placement.group.empty() && machine::can_freeze(tree_);
    if (!freezes_group) watched.tree.emplace(placement.pid, root_ + "/proc");
    // What could not be written at the start does not hold.
    const auto limit = placement.group.empty() ? std::nullopt : machine::cgroup_memory_limit(tree_, placement.group);
    if (limit && *limit != machine::as_cgroup_memory_limit(limits.memory)) watched.held.memory = *limit;
    watched_.insert_or_assign(attempt, std::move(watched));
    if (memory_ && !placement.group.empty()) memory_->add(attempt, placement.group, limits.memory_notice);
}

void LocalLimits::forget(AttemptId attempt) {
    if (watched_.erase(attempt) > 0 && memory_) memory_->remove(attempt);
}

Result<void> LocalLimits::set(AttemptId attempt, const Limits& limits) {
    Watched* const watched = find(attempt);
    if (watched == nullptr) return not_watched();
    if (watched->placement.group.empty()) return {};
    const Limits before = watched->held;
    Result<void> written = machine::write_cgroup_limits(tree_, watched->placement.group, limits, watched->held);
    watched->deviations.on_written(before, watched->held);
    if (memory_ && watched->held.memory_notice != before.memory_notice)
        memory_->move(attempt, watched->held.memory_notice);
    return written;
}

LocalLimits::Watched* LocalLimits::find(AttemptId attempt) {
    const auto found = watched_.find(attempt);
    return found == watched_.end() ? nullptr : &found->second;
}

Result<void> LocalLimits::freeze(AttemptId attempt) {
    Watched* const watched = find(attempt);
    if (watched == nullptr) return not_watched();
    return watched->tree ? watched->tree->stop() : machine::freeze_cgroup(tree_, watched->placement.group);
}

Result<void> LocalLimits::thaw(AttemptId attempt) {
    Watched* const watched = find(attempt);
    if (watched == nullptr) return not_watched();
    if (!watched->tree) return machine::thaw_cgroup(tree_, watched->placement.group);
    watched->tree->go_on();
    return {};
}

std::vector<Pressed> LocalLimits::take_pressed() { return memory_ ? memory_->take() : std::vector<Pressed>{}; }

std::optional<Deviation> LocalLimits::inspect(AttemptId attempt) {
    Watched* const watched = find(attempt);
    if (watched == nullptr) return std::nullopt;
    return watched->deviations.next(tree_, watched->placement, watched->held, root_ + "/proc");
}

int LocalLimits::wake_fd() const { return memory_ ? memory_->wake_fd() : -1; }

}  // namespace plimsoll::shape
