// SPDX-License-Identifier: Apache-2.0
// plimsoll show RUN [--json]: what a run did, used and saved.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "apps/plimsoll/command_frame.h"
#include "apps/plimsoll/summary_text.h"
#include "plimsoll/loop/summary.h"

namespace plimsoll::cli {
namespace {

using Json = nlohmann::ordered_json;

Json amounts_json(const loop::AmountTime& amounts) {
    return {{"requested", amounts.requested},
            {"reserved", amounts.reserved},
            {"used", amounts.used},
            {"wasted", amounts.wasted()},
            {"wasted_by_requests", amounts.wasted_by_requests()}};
}

std::string summary_json(const RunRecord& run, const loop::Summary& summary) {
    Json memory = amounts_json(summary.memory);
    memory["wasted_by_1_5_x_peak"] = summary.memory_wasted_by_half_more;
    const Json all = {{"run", run.id},
                      {"workflow", run.workflow},
                      {"state", name_of(run.state)},
                      {"started", rfc3339(run.started)},
                      {"makespan_s", seconds(summary.makespan)},
                      {"tasks",
                       {{"finished", summary.tasks_finished},
                        {"failed", summary.tasks_failed},
                        {"up_to_date", summary.tasks_up_to_date},
                        {"cancelled", summary.tasks_cancelled}}},
                      {"attempts",
                       {{"total", summary.attempts},
                        {"grown", summary.grown},
                        {"frozen", summary.frozen},
                        {"out_of_memory", summary.out_of_memory},
                        {"timeout", summary.timeouts},
                        {"retried", summary.retried}}},
                      {"memory_gbh", memory},
                      {"cpu_ch", amounts_json(summary.cpu)},
                      {"steps_without_request", summary.steps_without_request.size()}};
    return all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<void> show(const TargetOptions& options) {
    const history::Database history = PLIM_TRY(open_history(options.history));
    const RunRecord run = PLIM_TRY(find_run(history, options.run));
    const std::vector<TaskRecord> tasks = PLIM_TRY(history.tasks(run.id));
    const std::vector<AttemptRecord> attempts = PLIM_TRY(history.attempts(run.id));
    const loop::Summary summary = loop::summarize(run, tasks, attempts);
    if (options.json) {
        print(summary_json(run, summary));
        return {};
    }
    print(summary_text(run, summary) + failures_text(tasks) + tasks_table(attempts));
    return {};
}

}  // namespace

int show_command(const TargetOptions& options) {
    const auto shown = show(options);
    return shown ? Exit::done : fail(shown.error());
}

}  // namespace plimsoll::cli
