// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/schedule/policies.h"

#include <algorithm>

namespace plimsoll::schedule {
namespace {

constexpr int never_overtaken = 1;  // the first that does not fit ends the look
constexpr int many_holds = 16;

constexpr NamedPolicy table[] = {
    {"critical-path", "the longest way to the end first; others slip in where they delay nobody", Discipline::path, {}},
    {"fifo-backfill", "in the order of being handed in; others slip in where they delay nobody", Discipline::fifo, {}},
    {"fifo", "in the order of being handed in; nobody overtakes", Discipline::fifo, {.look_ahead = never_overtaken}},
    {"priority", "the highest priority first; others slip in where they delay nobody", Discipline::priority, {}},
    {"edf", "the earliest deadline first; others slip in where they delay nobody", Discipline::edf, {}},
    {"depth", "what follows on finished work first; others slip in where they delay nobody", Discipline::depth, {}},
    {"conservative",
     "the longest way first; nobody delays any of the first sixteen",
     Discipline::path,
     {.holds = many_holds}},
};

}  // namespace

std::span<const NamedPolicy> policies() { return table; }

const NamedPolicy* find_policy(std::string_view name) {
    const auto found = std::ranges::find(table, name, &NamedPolicy::name);
    return found == std::end(table) ? nullptr : &*found;
}

std::vector<QueueSpec> queues_of(const NamedPolicy& policy) {
    std::vector<QueueSpec> queues = default_queues();
    queues.back().discipline = policy.discipline;
    return queues;
}

}  // namespace plimsoll::schedule
