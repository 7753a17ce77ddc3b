// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/exec/exec_run.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include "apps/plimsoll/admission.h"
#include "apps/plimsoll/command_frame.h"
#include "apps/plimsoll/event_json.h"
#include "apps/plimsoll/exec/exec_report.h"
#include "apps/plimsoll/exec/passed_signals.h"
#include "apps/plimsoll/history/history_actions.h"
#include "apps/plimsoll/learned.h"
#include "apps/plimsoll/live/run_watch.h"
#include "apps/plimsoll/live_world.h"
#include "apps/plimsoll/text_report.h"
#include "plimsoll/base/log.h"
#include "plimsoll/history/location.h"
#include "plimsoll/machine/process.h"
#include "plimsoll/machine/sweep.h"

namespace plimsoll::cli {
namespace {

struct World : LiveWorld {
    history::RunHistory& history;  ///< outlives the store
    std::unique_ptr<workflow::BareWorkspace> workspace;
};

/// Ends what dead runners left, and marks the commands among them: nobody runs those again and finds them so.
Result<void> settle_dead(World& world) {
    (void)machine::sweep(machine::find_cgroups(), world.clock);
    if (!world.history.database || !world.history.records) return {};
    for (const RunRecord& run : PLIM_TRY(world.history.database->interrupted_runs(
             [](const ProcessIdentity& owner) { return machine::is_alive(owner); })))
        if (run.file.empty()) PLIM_TRY(world.history.database->mark_interrupted(run.id, world.clock.wall()));
    return {};
}

loop::Options options_of(const World& world, const ExecPlan& plan) {
    return loop_options(world, plan.options.how, history::run_paths(world.history.path, world.record.id).logs,
                        plan.queues);
}

/// What the command would be given by all that is known of it now.
loop::Ask ask_of(const World& world, const ExecPlan& plan) {
    loop::TaskTable::Entry entry;
    entry.task = plan.command.task;
    workflow::Freshness fresh = world.workspace->examine(plan.command.task);
    fresh.features.machine = plan.host.machine;
    const loop::Options options = options_of(world, plan);
    return loop::size_task(entry, fresh.features, *world.forecaster,
                           {.may_exceed_request = options.may_exceed_request,
                            .risk = options.risk,
                            .memory_headroom = options.memory_headroom,
                            .machine = world.ledger->total(),
                            .in_phases = false});
}

/// A deadline is promised before the command runs, or it is refused.
Result<void> admit(const World& world, const ExecPlan& plan) {
    const Task& task = plan.command.task;
    if (!have_deadlines(std::span(&task, 1))) return {};
    const Outlook seen{.task = &task, .would_run = true, .reason = {}, .ask = ask_of(world, plan)};
    const std::string told =
        PLIM_TRY(admit_deadlines(std::span(&seen, 1), machine::may_hold(plan.host.amounts, plan.holding, {}, {})));
    if (!told.empty() && !plan.options.how.quiet) log(LogLevel::warning, told);
    return {};
}

Result<void> open_world(World& world, const ExecPlan& plan, const PassedSignals& signals) {
    world.history = PLIM_TRY(history::open_for_run(history_choice(plan.options.how.history)));
    for (const std::string& warning : world.history.warnings) log(LogLevel::warning, warning);
    PLIM_TRY(settle_dead(world));
    world.forecaster =
        PLIM_TRY(learned_for_run(world.history, std::span(&plan.command.task, 1), plan.options.how.sizing));
    world.workspace = std::make_unique<workflow::BareWorkspace>(plan.command.features);
    world.record = begun_record(new_run_id(world.clock.wall()), plan.host, world.clock);
    world.record.workflow = plan.command.workflow.name;
    world.record.folder = plan.command.workflow.folder;
    PLIM_TRY(
        open_machine(world,
                     {.run = world.record.id,
                      .capacity = plan.host.amounts,
                      .use_cgroups = plan.options.how.cgroups != "off",
                      .foreground = engine::Foreground{.words = plan.options.words, .mask = signals.mask_before()}},
                     plan.host, plan.holding));
    PLIM_TRY(admit(world, plan));
    world.store = PLIM_TRY(world.history.begin(world.record));
    return wake_for(world, signals.fd());
}

/// The run's files, by which others follow it; they only tell again what the history holds.
class EventFiles {
public:
    explicit EventFiles(const history::RunPaths& paths)
        : events_(open_file(paths.events, O_WRONLY | O_CREAT | O_APPEND).value_or(Fd())),
          text_(open_file(paths.output, O_WRONLY | O_CREAT | O_APPEND).value_or(Fd())) {}
    void tell(const loop::Event& event, const RunId& run) {
        append(events_, event_json(event, run) + "\n");
        append(text_, report_.lines_for(event));
    }

private:
    static void append(const Fd& file, const std::string& text) {
        if (file && !text.empty()) [[maybe_unused]]
            const ssize_t written = ::write(file.fd(), text.data(), text.size());
    }
    Fd events_, text_;
    TextReport report_{.tasks = 1};
};

/// What has to be known once the command has ended.
struct Seen {
    bool has_started = false;
    int ended_before_start = 0;  ///< the signal that ended it while it waited
    bool interrupted_at_terminal = false;
};

/// The command gets what is sent to us, once it runs; while it waits for its start, or stands still for lack of memory,
/// it could not heed it: then it is ended.
void heed(PassedSignals& signals, loop::Loop& loop, Seen& seen) {
    for (const PassedSignals::Seen& signal : signals.take()) {
        if (signal.number == SIGINT && signal.from_terminal) seen.interrupted_at_terminal = true;
        if (loop.running().empty()) {
            if (!seen.has_started) seen.ended_before_start = signal.number;
            loop.stop(loop::StopMode::terminate);
            continue;
        }
        const loop::RunningAttempt& attempt = *loop.running().in_order().front();
        const bool is_asked_to_stop = signal.number == SIGUSR1;  // as `plimsoll stop --now` asks
        if (attempt.frozen_since || is_asked_to_stop) loop.stop(loop::StopMode::terminate);
        else if (!signal.from_terminal) ::kill(attempt.placement.pid, signal.number);
    }
}

void tell_waiting(const loop::Event& event, bool quiet) {
    using loop::EventKind;
    if (quiet || event.reason.empty()) return;
    if (event.kind == EventKind::run_waiting) log(LogLevel::warning, "waiting: " + event.reason);
    if (event.kind == EventKind::task_frozen) log(LogLevel::warning, "the command waits: " + event.reason);
}

Result<void> drive(World& world, loop::Loop& loop, PassedSignals& signals, const ExecPlan& plan, Seen& seen) {
    EventFiles files(history::run_paths(world.history.path, world.record.id));
    // The terminal is the command's; `watch` and `top` see it all the same.
    RunWatch watch({.run = world.record.id,
                    .workflow = world.record.workflow,
                    .owner = world.record.owner,
                    .machine = view::amounts_of(plan.host.amounts),
                    .started = world.clock.now()},
                   own_live_folder(), nullptr);
    while (!loop.done()) {
        const std::vector<loop::Event> events = PLIM_TRY(loop.tick(watch.due()));
        watch.heed(loop, events);
        watch.look(loop, world.ledger->others(), world.clock.now());
        for (const loop::Event& event : events) {
            seen.has_started |= event.kind == loop::EventKind::task_started;
            files.tell(event, world.record.id);
            tell_waiting(event, plan.options.how.quiet);
        }
        heed(signals, loop, seen);
    }
    return {};
}

Result<std::optional<AttemptRecord>> attempt_of(const World& world) {
    std::vector<AttemptRecord> attempts = PLIM_TRY(ended_attempts(world, world.history));
    if (attempts.empty()) return std::optional<AttemptRecord>();
    return std::optional(std::move(attempts.back()));
}

void tell_json(int to, const std::string& text) {
    std::string_view rest = text;
    while (!rest.empty()) {
        const ssize_t written = ::write(to, rest.data(), rest.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0)
            return log(LogLevel::warning, std::string("--json cannot be written: ") + std::strerror(errno));
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
}

Result<void> tell_end(World& world, const ExecPlan& plan, int exit_code) {
    const ExecReport report{.run = world.record.id,
                            .name = plan.command.task.name,
                            .exit_code = exit_code,
                            .attempt = PLIM_TRY(attempt_of(world)),
                            .next = ask_of(world, plan)};
    if (plan.json >= 0) tell_json(plan.json, exec_json(report));
    const bool has_started =
        report.attempt && report.attempt->outcome && report.attempt->outcome->ending != Ending::not_started;
    // Why a command did not start is said in any case: it could not say so itself.
    if (plan.options.how.quiet && has_started) return {};
    std::string text = exec_text(report);
    for (const std::string& notice : world.engine->take_notices()) text += "  note: " + notice + "\n";
    if (const auto notice = world.ledger->take_notice()) text += "  note: " + *notice + "\n";
    std::fputs(text.c_str(), stderr);
    return {};
}

}  // namespace

Result<int> exec_live(ExecPlan plan) {
    PassedSignals signals = PLIM_TRY(PassedSignals::open());
    history::RunHistory history;
    World world{{}, history, nullptr};
    PLIM_TRY(open_world(world, plan, signals));
    workflow::FixedSource source({plan.command.task});
    loop::Loop loop(options_of(world, plan), {world.clock, *world.engine, *world.limits, *world.usage, *world.workspace,
                                              *world.store, *world.ledger, *world.forecaster});
    loop.add(source);
    Seen seen;
    // What cannot be recorded or told of a command that has run does not change how it ended.
    if (const auto driven = drive(world, loop, signals, plan, seen); !driven) {
        const int failed = fail(driven.error());
        return seen.has_started && loop.running().empty() ? world.engine->last_exit_code() : failed;
    }
    const int code = seen.ended_before_start > 0 ? 128 + seen.ended_before_start : world.engine->last_exit_code();
    if (const auto told = tell_end(world, plan, code); !told) (void)fail(told.error());
    if (const auto removed = world.history.remove_temporary(); !removed)
        log(LogLevel::warning, removed.error().message);
    world.store.reset();
    world.engine.reset();
    if (world.history.records) keep_what_is_set(world.history.database, world.clock.wall());
    if (code == 128 + SIGINT && seen.interrupted_at_terminal) end_by(SIGINT);
    return code;
}

}  // namespace plimsoll::cli
