// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/simulated_world.h"

namespace plimsoll::simulate {

Result<void> SimulatedLimits::set(AttemptId attempt, const Limits& limits) {
    if (refuses_) return Error{ErrorKind::refused, "the group's limit cannot be written"};
    if (!abilities_.limits_memory) return {};
    if (!engine_.set_limits(attempt, limits)) return Error{ErrorKind::not_found, "the group has vanished"};
    return {};
}

Result<void> SimulatedLimits::set_frozen(AttemptId attempt, bool is_frozen) {
    if (refuses_ && is_frozen) return Error{ErrorKind::refused, "the group cannot be frozen"};
    if (!engine_.set_frozen(attempt, is_frozen)) return Error{ErrorKind::not_found, "the group has vanished"};
    return {};
}

std::vector<shape::Pressed> SimulatedLimits::take_pressed() {
    std::vector<shape::Pressed> pressed;
    for (const AttemptId attempt : engine_.take_noticed())
        if (abilities_.notices) pressed.push_back({.attempt = attempt});
    return pressed;
}

workflow::Freshness SimulatedWorkspace::examine(const Task& task) {
    const Behaviour truth = truth_(task.name, 1);
    workflow::Freshness fresh;
    fresh.up_to_date = truth.up_to_date || files_.sealed.contains(task.name);
    fresh.reason = fresh.up_to_date ? "outputs are up to date" : "no record of an earlier run";
    fresh.features.input_bytes = truth.input_bytes;
    fresh.features.input_count = static_cast<std::uint32_t>(task.inputs.size());
    if (truth.features) fresh.features = *truth.features;
    for (const std::string& input : task.inputs)
        if (files_.gone.contains(input)) fresh.deleted_inputs.push_back(input);
    return fresh;
}

workflow::Conclusion SimulatedWorkspace::conclude(const Task& task, AttemptId attempt) {
    if (truth_(task.name, attempt.number).input_changes) return {{Ending::input_changed, 0, {}}, std::nullopt};
    for (const OutputFile& output : task.outputs) files_.gone.erase(output.path);
    return {{Ending::finished, 0, {}}, Receipt{.task_name = task.name, .command = {}, .inputs = {}, .outputs = {}}};
}

void SimulatedWorkspace::delete_temporaries(const Task& task) {
    for (const OutputFile& output : task.outputs) {
        if (!output.temporary || !files_.gone.insert(output.path).second) continue;
        deleted_.push_back(output.path);
    }
}

}  // namespace plimsoll::simulate
