// SPDX-License-Identifier: Apache-2.0
// plimsoll export FORMAT RUN: a run in the words of other tools.
#include <fmt/format.h>

#include <set>

#include "apps/plimsoll/command_frame.h"
#include "apps/plimsoll/exchange/exchange_commands.h"
#include "plimsoll/base/file.h"
#include "plimsoll/exchange/run_export.h"

namespace plimsoll::cli {
namespace {

Result<exchange::RunToExport> gathered(const ExportOptions& options) {
    const history::Database history = PLIM_TRY(open_history(options.history));
    exchange::RunToExport run;
    run.run = PLIM_TRY(find_run(history, options.run));
    run.attempts = PLIM_TRY(history.attempts(run.run.id));
    std::set<std::string> tasks;
    for (const AttemptRecord& attempt : run.attempts) tasks.insert(attempt.task_name);
    run.receipts = PLIM_TRY(history.receipts(run.run.folder, run.run.workflow));
    std::erase_if(run.receipts, [&](const Receipt& receipt) { return !tasks.contains(receipt.task_name); });
    return run;
}

std::string text_of(const std::string& format, const exchange::RunToExport& run) {
    if (format == "wfformat") return exchange::wfformat(run);
    return format == "csv" ? exchange::csv(run) : exchange::nextflow_trace(run);
}

Result<void> write(const ExportOptions& options) {
    const std::string text = text_of(options.format, PLIM_TRY(gathered(options)));
    if (!options.output.empty()) return replace_file(options.output, text, 0644);
    print(text);
    return {};
}

}  // namespace

int export_command(const ExportOptions& options) {
    const Result<void> written = write(options);
    return written ? Exit::done : fail(written.error());
}

}  // namespace plimsoll::cli
