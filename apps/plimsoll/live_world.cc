// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/live_world.h"

#include <unistd.h>

#include <utility>

#include "apps/plimsoll/command_frame.h"
#include "plimsoll/history/memory_store.h"
#include "plimsoll/machine/process.h"

namespace plimsoll::cli {

Result<void> open_machine(LiveWorld& world, engine::LocalOptions options, const machine::Host& host,
                          const machine::HoldingOptions& holding) {
    for (const machine::Gpu& gpu : host.gpus) options.gpus.push_back(gpu.name);
    world.engine = PLIM_TRY(engine::LocalEngine::open(std::move(options), world.clock));
    world.limits = std::make_unique<shape::LocalLimits>(world.engine->cgroups());
    world.usage = std::make_unique<telemetry::LocalUsage>(world.engine->cgroups(), host);
    machine::SharedLedger::Setup setup{.machine = host.amounts, .options = holding};
    setup.file = ledger_file();
    setup.used_by_this_run = [usage = world.usage.get()] { return usage->memory_in_use(); };
    setup.memory = [&host] { return machine::read_memory(host); };
    world.ledger = std::make_unique<machine::SharedLedger>(std::move(setup), world.clock);
    return {};
}

RunRecord begun_record(const RunId& id, const machine::Host& host, const Clock& clock) {
    return {.id = id,
            .workflow = {},
            .file = {},
            .folder = {},
            .machine = host.machine,
            .capacity = {.cpu = host.amounts.cpu, .memory = host.amounts.memory},
            .started = clock.wall(),
            .ended = {},
            .state = RunState::running,
            .owner = machine::process_identity(::getpid()).value_or(ProcessIdentity{}),
            .version = PLIMSOLL_VERSION};
}

loop::Options loop_options(const LiveWorld& world, const RunOptions& options, std::string log_folder,
                           std::vector<QueueSpec> queues) {
    return {.run = world.record.id,
            .folder = world.record.folder,
            .log_folder = std::move(log_folder),
            .machine = world.record.machine,
            .keep_going = options.keep_going,
            .may_exceed_request = options.exceed_request,
            .shape = loop::parse_shape_mode(options.shape).value(),
            .risk = options.risk,
            .queues = std::move(queues),
            .memory_headroom = options.sizing == "requests" ? Bytes{} : forecast::live_headroom};
}

Result<void> wake_for(LiveWorld& world, int signals) {
    for (const int fd : {signals, world.limits->wake_fd(), world.store->wake_fd()})
        if (fd >= 0) PLIM_TRY(world.engine->watch(fd));
    return {};
}

Result<std::vector<AttemptRecord>> ended_attempts(const LiveWorld& world, const history::RunHistory& history) {
    const auto* memory = dynamic_cast<const history::MemoryStore*>(world.store.get());
    if (!memory) return history.database->attempts(world.record.id);
    std::vector<AttemptRecord> attempts;
    for (history::AttemptEnded& ended : memory->all<history::AttemptEnded>())
        attempts.push_back(std::move(ended.attempt));
    return attempts;
}

}  // namespace plimsoll::cli
