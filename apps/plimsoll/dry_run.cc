// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/dry_run.h"

#include <fmt/format.h>

#include <algorithm>

#include "apps/plimsoll/admission.h"
#include "apps/plimsoll/command_frame.h"
#include "apps/plimsoll/learned.h"
#include "apps/plimsoll/live_run.h"
#include "apps/plimsoll/outlook.h"
#include "plimsoll/base/clock.h"
#include "plimsoll/schedule/planned_order.h"
#include "plimsoll/workflow/file_workspace.h"

namespace plimsoll::cli {
namespace {

std::string line_of(const Outlook& seen, std::size_t width) {
    if (!seen.would_run) return fmt::format("  skip  {:<{}} {}\n", seen.task->name, width, seen.reason);
    return fmt::format("  run   {:<{}} {:>10} {:>5} cores {:>9}  {}\n", seen.task->name, width,
                       format(seen.ask.amounts.memory), format(seen.ask.amounts.cpu), typical_runtime(seen),
                       seen.reason);
}

std::string end_of(const std::vector<Outlook>& all, const Resources& capacity, const std::vector<QueueSpec>& queues) {
    std::size_t runs = 0, unknown = 0;
    for (const Outlook& seen : all) {
        runs += seen.would_run;
        unknown += seen.would_run && seen.ask.forecast.runtime.p50 == 0;
    }
    std::string text = fmt::format("{} of {} tasks would run", runs, all.size());
    if (runs == 0) return text + "\n";
    const Node here[] = {{.id = 0, .name = "here", .capacity = capacity}};
    const Duration makespan =
        schedule::dry_run(schedule::in_planned_order(dry_tasks(all), here, queues), here, queues).makespan;
    if (unknown == runs) return text + "; how long they take is not known yet\n";
    text += fmt::format(", in about {}", format(makespan));
    if (unknown > 0) text += fmt::format(" and what the {} take whose runtime is not known yet", unknown);
    return text + "\n";
}

}  // namespace

Result<Rehearsal> rehearse(const RunOptions& options, const machine::Host& host,
                           const std::optional<history::Database>& history, const workflow::Workflow& workflow,
                           std::span<const Task> tasks) {
    const std::unique_ptr<forecast::Forecaster> forecaster =
        PLIM_TRY(learned_forecaster(history, tasks, options.sizing));
    const MachineClock clock;
    workflow::FileWorkspaceOptions files;
    files.force_all = options.force;
    files.hash.verify = options.verify;
    std::vector<Receipt> receipts;
    if (history) receipts = PLIM_TRY(history->receipts(workflow.folder, workflow.name));
    const auto workspace = PLIM_TRY(workflow::FileWorkspace::open(workflow.folder, std::move(receipts), files, clock));
    const Resources capacity = machine::may_hold(host.amounts, PLIM_TRY(holding_options(options)), {}, {});
    const loop::SizingTerms terms{.may_exceed_request = options.exceed_request,
                                  .risk = options.risk,
                                  .memory_headroom = options.sizing == "requests" ? Bytes{} : forecast::live_headroom,
                                  .machine = capacity};
    return Rehearsal{outlook(tasks, *workspace, host.machine, *forecaster, terms), capacity};
}

Result<int> dry_run(const Rehearsal& rehearsal, std::span<const Task> tasks, const std::vector<QueueSpec>& queues) {
    const auto& [all, capacity] = rehearsal;
    std::string text;
    const std::size_t width = name_width(all);
    for (const Outlook& seen : all) text += line_of(seen, width);
    print(text + end_of(all, capacity, queues));
    if (!have_deadlines(tasks)) return static_cast<int>(Exit::done);
    const std::string told = PLIM_TRY(admit_deadlines(all, capacity));
    print((told.empty() ? std::string("all deadlines can be kept") : told) + "\n");
    return static_cast<int>(Exit::done);
}

}  // namespace plimsoll::cli
