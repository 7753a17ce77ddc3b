// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/live_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "apps/plimsoll/by_requests.h"
#include "apps/plimsoll/command_frame.h"
#include "apps/plimsoll/history/history_actions.h"
#include "apps/plimsoll/learned.h"
#include "apps/plimsoll/live/run_watch.h"
#include "apps/plimsoll/live_world.h"
#include "apps/plimsoll/missing_program.h"
#include "apps/plimsoll/run_teller.h"
#include "apps/plimsoll/signals.h"
#include "apps/plimsoll/summary_text.h"
#include "plimsoll/base/log.h"
#include "plimsoll/base/random.h"
#include "plimsoll/history/location.h"
#include "plimsoll/history/memory_store.h"
#include "plimsoll/loop/ask.h"
#include "plimsoll/workflow/set_aside.h"

namespace plimsoll::cli {
namespace {

// What failed attempts left is kept for a look, not for ever.
constexpr int set_aside_runs = 10;
// Who asked a run to end does not want to wait for whoever reads it, but one that reads gets the end too. Supervisors
// kill what is still there some ten seconds after SIGTERM.
constexpr Duration reader_patience = std::chrono::seconds(2);

struct World : LiveWorld {
    std::unique_ptr<workflow::FileWorkspace> workspace;
    Resources machine;
};

Result<std::unique_ptr<workflow::FileWorkspace>> open_workspace(const LivePlan& plan, const Clock& clock) {
    std::vector<Receipt> receipts;
    if (plan.history.database)
        receipts = PLIM_TRY(plan.history.database->receipts(plan.workflow.folder, plan.workflow.name));
    workflow::FileWorkspaceOptions options;
    options.run = plan.id;
    options.force_all = plan.options.force;
    options.hash.verify = plan.options.verify;
    auto workspace = PLIM_TRY(workflow::FileWorkspace::open(plan.workflow.folder, std::move(receipts), options, clock));
    PLIM_TRY(settle_interrupted(plan.interrupted, plan.history, *workspace, clock));
    return workspace;
}

std::vector<std::string> secrets_of(const workflow::Workflow& workflow) {
    std::vector<std::string> names;
    for (const Step& step : workflow.steps) names.insert(names.end(), step.secrets.begin(), step.secrets.end());
    return names;
}

forecast::ForecasterOptions forecaster_options(Background& background, const RunOptions& options) {
    forecast::ForecasterOptions made = options_of_runs(options.risk, options.shape == "full");
    made.background = &background;
    return made;
}

Result<void> open_world(World& world, const LivePlan& plan) {
    const machine::HoldingOptions holding = PLIM_TRY(holding_options(plan.options));
    world.forecaster = PLIM_TRY(learned_for_run(plan.history, plan.tasks, plan.options.sizing,
                                                forecaster_options(world.background, plan.options)));
    world.background.begin();
    world.workspace = PLIM_TRY(open_workspace(plan, world.clock));
    PLIM_TRY(open_machine(world,
                          {.run = plan.id,
                           .capacity = plan.host.amounts,
                           .use_cgroups = plan.options.cgroups != "off",
                           .secrets = secrets_of(plan.workflow),
                           .containers = plan.containers},
                          plan.host, holding));
    world.machine = plan.host.amounts;
    world.record = begun_record(plan.id, plan.host, world.clock);
    world.record.workflow = plan.workflow.name;
    world.record.folder = plan.workflow.folder;
    world.record.file = plan.workflow.folder + "/" + plan.workflow.file.substr(plan.workflow.file.rfind('/') + 1);
    world.store = PLIM_TRY(plan.history.begin(world.record));
    return {};
}

/// What was asked of the run since it began.
struct Asked {
    int politely = 0;     ///< while it could still be stopped
    bool to_end = false;  ///< in any way, be it in the instant after its last task
};

/// Ctrl-C once: drain, or end at once with --cancel now; again: kill. `plimsoll stop --now` ends at once.
void heed(const Signals::Seen& seen, bool cancel_now, Asked& asked, loop::Loop& loop) {
    asked.to_end |= seen.any();
    if (loop.state() != RunState::running) return;
    asked.politely += seen.polite;
    if (seen.hung_up > 0) asked.politely = std::max(asked.politely, 1);  // of its own it never makes a second time
    if (seen.now > 0) loop.stop(loop::StopMode::terminate);
    if (asked.politely >= 2) loop.stop(loop::StopMode::kill);
    else if (asked.politely == 1) loop.stop(cancel_now ? loop::StopMode::terminate : loop::StopMode::drain);
}

/// The end of the run is the last event; what comes later is a warning.
void pass_notices(World& world, loop::Loop& loop) {
    std::vector<std::string> notices = world.engine->take_notices();
    if (auto notice = world.ledger->take_notice()) notices.push_back(std::move(*notice));
    for (std::string& notice : notices) {
        if (loop.state() == RunState::running) loop.note(std::move(notice));
        else log(LogLevel::warning, notice);
    }
}

/// Gives whether it was asked to end.
Result<bool> drive(World& world, loop::Loop& loop, Signals& signals, bool cancel_now, RunTeller& teller) {
    RunWatch watch({.run = world.record.id,
                    .workflow = world.record.workflow,
                    .owner = world.record.owner,
                    .machine = view::amounts_of(world.machine),
                    .started = world.clock.now()},
                   own_live_folder(), &teller);
    Asked asked;
    pass_notices(world, loop);
    while (!loop.done()) {
        const std::vector<loop::Event> events = PLIM_TRY(loop.tick(watch.due()));
        teller.tell(events);
        watch.heed(loop, events);
        watch.look(loop, world.ledger->others(), world.clock.now());
        const Signals::Seen seen = signals.take();
        if (seen.paused > 0) watch.pause();
        heed(seen, cancel_now, asked, loop);
        pass_notices(world, loop);
    }
    teller.hide();
    return asked.to_end;
}

/// The run is over and recorded: nobody has to wait for ever for a terminal that was stopped.
void wait_for_reader(RunTeller& teller, Signals& signals, bool was_asked_to_end, const Clock& clock) {
    const Instant until = was_asked_to_end ? clock.now() + reader_patience : Instant::max();
    teller.finish([&] {
        const Signals::Seen seen = signals.take();
        if (seen.paused > 0) Signals::pause_here();
        return seen.any() || clock.now() > until;
    });
}

int exit_code(RunState state) {
    if (state == RunState::failed) return Exit::task_failed;
    return state == RunState::finished ? Exit::done : Exit::interrupted;
}

/// A run that saved nothing because nothing was known would else look like all there is.
std::string first_run_text(const LivePlan& plan, RunState state, std::span<const AttemptRecord> attempts) {
    const bool will_be_known =
        state == RunState::finished && plan.options.sizing != "requests" && plan.history.database && !attempts.empty();
    const bool was_known = std::ranges::any_of(
        attempts, [](const AttemptRecord& one) { return one.forecast.source != Provenance::request; });
    if (!will_be_known || was_known) return {};
    return "nothing was known yet of what its steps need; the next run is sized by this one\n";
}

/// From the history; a run that is not recorded is told from memory.
Result<void> tell_end(const LivePlan& plan, const World& world, RunState state, RunTeller& teller) {
    RunRecord run = world.record;
    std::vector<TaskRecord> tasks;
    const std::vector<AttemptRecord> attempts = PLIM_TRY(ended_attempts(world, plan.history));
    std::vector<Receipt> receipts;
    if (const auto* memory = dynamic_cast<const history::MemoryStore*>(world.store.get())) {
        run.state = state;
        run.ended = world.clock.wall();
        tasks = memory->tasks();
    } else {
        run = PLIM_TRY(plan.history.database->run(plan.id));
        tasks = PLIM_TRY(plan.history.database->tasks(plan.id));
        receipts = PLIM_TRY(plan.history.database->receipts(run.folder, run.workflow));
    }
    const loop::Summary summary = loop::summarize(run, tasks, attempts);
    const std::string first = first_run_text(plan, state, attempts);
    teller.tell_text("\n" + summary_text(run, summary) +
                     (first.empty() ? by_requests_text(run, summary, attempts, receipts) : first) +
                     failures_text(tasks));
    for (const std::string& program : teller.missing_programs())
        teller.tell_text(fmt::format("  to get '{}': {}\n", program, how_to_get(program)));
    return {};
}

/// What a run that is not recorded wrote serves nobody once it has ended, unless somebody has to see what failed.
void clear_away(const history::RunHistory& history, RunState state) {
    if (history.temporary_folder().empty()) return;
    if (state == RunState::failed)
        return log(LogLevel::warning,
                   fmt::format("this run is not recorded; what its tasks printed is kept in {} until "
                               "you remove it",
                               history.temporary_folder()));
    if (const auto removed = history.remove_temporary(); !removed) log(LogLevel::warning, removed.error().message);
}

}  // namespace

Result<machine::HoldingOptions> holding_options(const RunOptions& options) {
    machine::HoldingOptions holding;
    if (!options.max_cpu.empty()) {
        const auto cores = parse_cores(options.max_cpu);
        if (!cores) return cores.error().within("--max-cpu");
        if (*cores <= Cores{}) return invalid("--max-cpu: without any core no task runs; write how many it may hold");
        holding.max_cpu = *cores;
    }
    if (!options.max_memory.empty()) {
        const auto memory = parse_bytes(options.max_memory);
        if (!memory) return memory.error().within("--max-memory");
        constexpr Bytes least{1 << 20};
        if (*memory < least)
            return invalid(
                fmt::format("--max-memory: no task runs in {}; write the unit too, such as 2GiB", format(*memory)));
        holding.max_memory = *memory;
    }
    if (options.keep_free.empty()) return holding;
    const auto free = parse_bytes(options.keep_free);
    if (!free) return free.error().within("--keep-free");
    holding.keep_free = *free;
    return holding;
}

RunId new_run_id(WallTime now) {
    std::string stamp;
    for (const char c : rfc3339(now).substr(0, 19)) {
        if (c == 'T') stamp += '-';
        else if (c != '-' && c != ':') stamp += c;
    }
    return stamp + "-" + random_hex(4);
}

Result<int> run_live(LivePlan plan) {
    Signals signals = PLIM_TRY(Signals::open(true));
    World world;
    PLIM_TRY(open_world(world, plan));
    PLIM_TRY(wake_for(world, signals.fd()));
    if (plan.options.prefetch != "off") world.warmer = std::make_unique<shape::PageCache>();
    const history::RunPaths paths = history::run_paths(plan.history.path, plan.id);
    RunTeller teller =
        PLIM_TRY(RunTeller::open(plan.options, plan.id, paths, static_cast<std::uint32_t>(plan.tasks.size())));
    workflow::FixedSource source(std::move(plan.tasks));
    loop::Loop loop(loop_options(world, plan.options, paths.logs, plan.queues),
                    {world.clock, *world.engine, *world.limits, *world.usage, *world.workspace, *world.store,
                     *world.ledger, *world.forecaster, world.warmer.get()});
    loop.add(source);
    const bool was_asked_to_end = PLIM_TRY(drive(world, loop, signals, plan.options.cancel_now, teller));
    if (const auto pruned = workflow::prune_set_aside(plan.workflow.folder, set_aside_runs); !pruned)
        log(LogLevel::warning, pruned.error().message);
    PLIM_TRY(tell_end(plan, world, loop.state(), teller));
    wait_for_reader(teller, signals, was_asked_to_end, world.clock);
    clear_away(plan.history, loop.state());
    if (plan.history.records) keep_what_is_set(plan.history.database, world.clock.wall());
    return exit_code(loop.state());
}

}  // namespace plimsoll::cli
