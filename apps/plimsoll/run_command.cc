// SPDX-License-Identifier: Apache-2.0
// plimsoll run FILE: from the file to a run, or to what was asked instead of one.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "apps/plimsoll/admission.h"
#include "apps/plimsoll/command_frame.h"
#include "apps/plimsoll/config/config_file.h"
#include "apps/plimsoll/containers.h"
#include "apps/plimsoll/detach.h"
#include "apps/plimsoll/dry_run.h"
#include "apps/plimsoll/live_run.h"
#include "apps/plimsoll/load.h"
#include "apps/plimsoll/recover.h"
#include "plimsoll/base/clock.h"
#include "plimsoll/base/log.h"
#include "plimsoll/workflow/graph.h"
#include "plimsoll/workflow/select.h"

namespace plimsoll::cli {
namespace {

Result<std::vector<Task>> chosen_tasks(const RunOptions& options, const std::optional<history::Database>& history,
                                       const workflow::Workflow& workflow, std::vector<Task> tasks) {
    if (options.failed && !history)
        return unavailable("--failed needs the history of the run before, and there is none to read");
    if (options.failed) {
        const FailedBefore failed = PLIM_TRY(failed_before(*history, workflow));
        tasks = workflow::select_with_dependents(std::move(tasks),
                                                 [&](const Task& task) { return failed.tasks.contains(task.name); });
    }
    if (options.only.empty()) return tasks;
    return workflow::only_steps(std::move(tasks), options.only, workflow::disk_world(workflow.folder));
}

/// --failed where nothing failed: said, and nothing is run or recorded.
Result<bool> has_nothing_to_repeat(const RunOptions& options, const workflow::Workflow& workflow) {
    const std::optional<history::Database> history = PLIM_TRY(open_history_if_any(options.history));
    if (!history) return false;
    const FailedBefore failed = PLIM_TRY(failed_before(*history, workflow));
    if (!failed.tasks.empty()) return false;
    std::fputs(fmt::format("plimsoll: nothing failed in run {}, the last of {}; there is nothing to run again\n",
                           failed.run, workflow.name)
                   .c_str(),
               stderr);
    return true;
}

/// Deadlines are promised before anything runs, or the run is refused.
Result<void> admit(const RunOptions& options, const machine::Host& host, const workflow::Loaded& loaded) {
    if (!have_deadlines(loaded.tasks)) return {};
    const std::optional<history::Database> history = PLIM_TRY(open_history_if_any(options.history));
    const std::vector<Task> tasks = PLIM_TRY(chosen_tasks(options, history, loaded.workflow, loaded.tasks));
    const Rehearsal rehearsal = PLIM_TRY(rehearse(options, host, history, loaded.workflow, tasks));
    const std::string told = PLIM_TRY(admit_deadlines(rehearsal.all, rehearsal.capacity));
    if (!told.empty()) log(LogLevel::warning, told);
    return {};
}

/// The requests must fit what this run may hold, not only the machine.
Resources most_to_hold(const Resources& machine, const machine::HoldingOptions& holding) {
    return machine::may_hold(machine, holding, {}, {});
}

Result<int> run(const RunOptions& options) {
    const machine::Host host = PLIM_TRY(machine::read_host());
    const machine::HoldingOptions holding = PLIM_TRY(holding_options(options));
    workflow::Loaded loaded =
        PLIM_TRY(load(options.file, options.set, most_to_hold(host.amounts, holding), !options.graph));
    std::vector<Step*> steps;
    for (Step& step : loaded.workflow.steps) steps.push_back(&step);
    PLIM_TRY(set_deadline(options.deadline, steps));
    const std::vector<QueueSpec> queues =
        PLIM_TRY(assign_queues(PLIM_TRY(load_config(options.config)), options.queue, steps));
    if (options.graph) {
        print(workflow::dot_graph(loaded.workflow, loaded.tasks));
        return static_cast<int>(Exit::done);
    }
    if (options.failed && PLIM_TRY(has_nothing_to_repeat(options, loaded.workflow)))
        return static_cast<int>(Exit::done);
    const AbsentImages absent = options.dry_run ? AbsentImages::leave : AbsentImages::fetch;
    if (options.history && !options.dry_run) PLIM_TRY(history_path(options.history));
    if (!options.dry_run) PLIM_TRY(secrets_are_set(loaded.workflow, options.only));
    const auto containers = PLIM_TRY(
        ready_containers(loaded.workflow, options.only, options.container_engine, options.cgroups != "off", absent));
    if (options.dry_run) {
        const std::optional<history::Database> history = PLIM_TRY(open_history_if_any(options.history));
        const std::vector<Task> tasks =
            PLIM_TRY(chosen_tasks(options, history, loaded.workflow, std::move(loaded.tasks)));
        return dry_run(PLIM_TRY(rehearse(options, host, history, loaded.workflow, tasks)), tasks, queues);
    }
    PLIM_TRY(admit(options, host, loaded));
    if (options.detach) return detach(PLIM_TRY(history_path(options.history)));
    const Fd lock = PLIM_TRY(lock_workflow(options.file));
    const MachineClock clock;
    history::RunHistory history = PLIM_TRY(history::open_for_run(history_choice(options.history)));
    for (const std::string& warning : history.warnings) log(LogLevel::warning, warning);
    // What was interrupted is set aside whether or not it is chosen now: those chosen may read it.
    std::vector<Task> all;
    if (options.failed || !options.only.empty()) all = loaded.tasks;
    std::vector<Task> tasks =
        PLIM_TRY(chosen_tasks(options, history.database, loaded.workflow, std::move(loaded.tasks)));
    Recovered interrupted =
        PLIM_TRY(find_interrupted(history.database, loaded.workflow, all.empty() ? tasks : all, clock));
    const RunId id = options.run_id.empty() ? new_run_id(clock.wall()) : options.run_id;
    if (containers || interrupted.left_containers) remove_left_containers(containers, options.container_engine);
    return run_live(
        {options, host, history, loaded.workflow, std::move(tasks), std::move(interrupted), id, containers, queues});
}

}  // namespace

int run_command(const RunOptions& options) {
    const auto code = run(options);
    return code ? *code : fail(code.error());
}

}  // namespace plimsoll::cli
