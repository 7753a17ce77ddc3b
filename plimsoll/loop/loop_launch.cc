// SPDX-License-Identifier: Apache-2.0
// What the engine is told of an attempt: its command, where that runs, and what it is held to.
#include <algorithm>

#include "plimsoll/base/path.h"
#include "plimsoll/loop/loop.h"
#include "plimsoll/model/split.h"

namespace plimsoll::loop {
namespace {

std::optional<engine::InContainer> container_of(const Task& task, const std::string& folder) {
    const std::optional<Container>& container = task.step->container;
    if (!container) return std::nullopt;
    engine::InContainer in{.image = container->identity.empty() ? container->image : container->identity,
                           .folder = folder,
                           .inputs = {},
                           .outputs = {}};
    for (const std::string& input : task.inputs) in.inputs.push_back(resolved_path(folder, input));
    for (const OutputFile& output : task.outputs) in.outputs.push_back(resolved_path(folder, output.path));
    return in;
}

}  // namespace

engine::Launch Loop::launch_of(const Task& task, const RunningAttempt& begun, const Reservation& reservation) const {
    const AttemptRecord& record = begun.record;
    const Step& step = *task.step;
    std::vector<std::pair<std::string, std::string>> env{step.env.begin(), step.env.end()};
    if (!begun.checkpoint.empty()) env.emplace_back(engine::checkpoint_variable, begun.checkpoint);
    if (record.is_resumed) env.emplace_back(engine::resume_variable, books_.tasks[task.id].tries.saved);
    return {.attempt = record.id,
            .task_name = task.name,
            .command = record.command,
            .before = task.part != nullptr ? task.part->before : std::string(),
            .shell = step.shell,
            .workdir = resolved_path(books_.options.folder, step.workdir),
            .env = std::move(env),
            .secrets = step.secrets,
            .container = container_of(task, books_.options.folder),
            .log = record.log,
            .reserved = reservation.amounts,
            .limits = begun.limits,
            .runtime = record.reserved_time,
            .node = reservation.node,
            .gpus = begun.devices,
            .gpu_share = std::min(1.0, reservation.amounts.gpu)};
}

}  // namespace plimsoll::loop
