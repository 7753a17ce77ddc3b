// SPDX-License-Identifier: Apache-2.0
// plimsoll show RUN [--steps] [--json]: what a run did, used and saved.
#include <unistd.h>

#include "apps/plimsoll/command_frame.h"
#include "apps/plimsoll/live/terminal.h"
#include "apps/plimsoll/steps_text.h"
#include "apps/plimsoll/summary_text.h"
#include "plimsoll/loop/summary.h"
#include "plimsoll/profile/step_profile.h"
#include "plimsoll/report/summary_json.h"

namespace plimsoll::cli {
namespace {

Result<void> show(const TargetOptions& options) {
    const history::Database history = PLIM_TRY(open_history(options.history));
    const RunRecord run = PLIM_TRY(find_run(history, options.run));
    const std::vector<TaskRecord> tasks = PLIM_TRY(history.tasks(run.id));
    const std::vector<AttemptRecord> attempts = PLIM_TRY(history.attempts(run.id));
    const loop::Summary summary = loop::summarize(run, tasks, attempts);
    const std::vector<Receipt> receipts = PLIM_TRY(history.receipts(run.folder, run.workflow));
    const std::vector<profile::StepProfile> steps = profile::step_profiles(tasks, attempts, receipts);
    if (options.json) {
        print(report::summary_json(run, summary, steps));
        return {};
    }
    const std::string table = tasks_table(attempts, columns_for_text(STDOUT_FILENO));
    print(summary_text(run, summary) + failures_text(tasks) + (options.steps ? steps_text(steps) : table));
    return {};
}

}  // namespace

int show_command(const TargetOptions& options) {
    const auto shown = show(options);
    return shown ? Exit::done : fail(shown.error());
}

}  // namespace plimsoll::cli
