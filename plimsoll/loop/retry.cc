// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/loop/retry.h"

#include <fmt/format.h>

#include <algorithm>

namespace plimsoll::loop {
namespace {

Verdict within(int count, int allowed, const std::string& what) {
    if (count <= allowed) return {true, fmt::format("{} (retry {} of {})", what, count, allowed)};
    return {false,
            allowed == 0 ? what : fmt::format("{}, after {} {}", what, allowed, allowed == 1 ? "retry" : "retries")};
}

// Each change restarts the task; an input that never comes to rest must not keep a run alive for ever.
constexpr int changed_inputs_at_most = 3;
// That a node goes says nothing of what ran there; but a task that brings down each of its nodes has to end somewhere.
constexpr int losses_at_most = 5;

// With pauses that double, some minutes in which the machine is too short of processes for any task.
constexpr int refusals_at_most = 10;

// The kernel charges in batches for each CPU, and holds page tables and stacks for a task beside its need.
constexpr Bytes charged_ahead = 1_MiB;
constexpr Bytes least_beside_need = 4_MiB;
constexpr double beside_need_share = 1.0 / 16;

}  // namespace

Verdict judge(const End& end, const Retry& retry, Tries& tries, Bytes machine) {
    const auto& [outcome, limit, after] = end;
    switch (outcome.ending) {
        case Ending::finished: return {false, "finished"};
        case Ending::out_of_memory:
            tries.failed_memory = std::max(tries.failed_memory, limit);
            tries.failed_after = after;
            if (limit.count > 0 && limit >= machine)
                return {false, fmt::format("out of memory at {}, all that this machine has to give", format(limit))};
            return within(++tries.out_of_memory, retry.on_out_of_memory,
                          fmt::format("out of memory at {}{}{}", format(limit), outcome.detail.empty() ? "" : ": ",
                                      outcome.detail));
        case Ending::timeout: return within(++tries.timeouts, retry.on_timeout, "ran out of time");
        case Ending::input_changed: return within(++tries.changed_inputs, changed_inputs_at_most, describe(outcome));
        case Ending::lost: return within(++tries.losses, losses_at_most, describe(outcome));
        case Ending::preempted: return {true, "made room for others"};
        case Ending::cancelled: return {false, "cancelled"};
        case Ending::not_started:
            if (!tries.was_refused) return {false, describe(outcome)};
            if (tries.refusals <= refusals_at_most) return {true, describe(outcome) + "; tried again later"};
            return {false, fmt::format("{}, tried {} times", describe(outcome), tries.refusals)};
        case Ending::exit:
        case Ending::signal:
        case Ending::missing_output: return within(++tries.failures, retry.on_failure, describe(outcome));
    }
    return {};
}

bool failed_at_limit(const Outcome& outcome, const Profile& profile, const Limits& limits) {
    if (outcome.ending != Ending::exit || limits.memory_notice <= Bytes{}) return false;
    const Bytes nearly = limits.memory - limits.memory * beside_need_share - least_beside_need;
    return profile.memory_high_water >= limits.memory - charged_ahead &&
           profile.memory_peak > std::max(limits.memory_notice, nearly);
}

std::optional<Duration> time_limit(const Step& step, const Tries& tries) {
    if (!step.timeout) return std::nullopt;
    return *step.timeout * (std::int64_t{1} << std::min(tries.timeouts, 16));
}

}  // namespace plimsoll::loop
