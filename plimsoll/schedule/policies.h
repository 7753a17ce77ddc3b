// SPDX-License-Identifier: Apache-2.0
// The policies by name: what a run is planned by, and what `plimsoll simulate` compares.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "plimsoll/model/queue_spec.h"
#include "plimsoll/schedule/schedule.h"

namespace plimsoll::schedule {

struct NamedPolicy {
    std::string_view name, what;
    Discipline discipline = Discipline::path;
    Policy policy;
};

/// The first is what live runs are planned by.
std::span<const NamedPolicy> policies();
/// Null when none is called that.
const NamedPolicy* find_policy(std::string_view name);
/// One queue for all, of the policy's discipline.
std::vector<QueueSpec> queues_of(const NamedPolicy& policy);

}  // namespace plimsoll::schedule
