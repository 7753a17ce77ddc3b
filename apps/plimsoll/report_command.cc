// SPDX-License-Identifier: Apache-2.0
// plimsoll report [RUN] [--html FILE] [--compare RUN]: a run as one page to look at, or to send to somebody.
#include <fmt/format.h>
#include <sys/stat.h>

#include "apps/plimsoll/command_frame.h"
#include "apps/plimsoll/kind_card.h"
#include "apps/plimsoll/text_report.h"
#include "plimsoll/base/clock.h"
#include "plimsoll/base/file.h"
#include "plimsoll/history/location.h"
#include "plimsoll/report/page.h"

namespace plimsoll::cli {
namespace {

constexpr int lines_of_a_failure = 20;

std::string tail_of(const AttemptRecord& attempt) { return plain_text(last_lines(attempt.log, lines_of_a_failure)); }

Result<report::RunReport> read_report(const history::Database& history, const std::string& name) {
    report::Recorded recorded{.run = PLIM_TRY(find_run(history, name))};
    const RunRecord& run = recorded.run;
    recorded.tasks = PLIM_TRY(history.tasks(run.id));
    recorded.attempts = PLIM_TRY(history.attempts(run.id));
    recorded.decisions = PLIM_TRY(history.decisions(run.id));
    recorded.receipts = PLIM_TRY(history.receipts(run.folder, run.workflow));
    for (KnownOfStep& one : PLIM_TRY(known_of_steps(history, run.id, recorded.attempts)))
        recorded.known.emplace(std::move(one.step), std::move(one.words));
    recorded.asked_at = MachineClock().wall();
    return report::make_report(std::move(recorded), tail_of);
}

/// What is no plain file (a pipe, /dev/null) is written to; all else is replaced whole.
Result<void> write_page(const std::string& path, const std::string& page, unsigned mode) {
    struct stat found{};
    if (::stat(path.c_str(), &found) != 0 || S_ISREG(found.st_mode)) return replace_file(path, page, mode);
    if (S_ISDIR(found.st_mode)) return invalid(path + " is a folder; name a file in it with --html");
    return write_kernel_file(path, page);
}

Result<std::string> place_of(const ReportOptions& options, const history::Database& history, const RunId& run) {
    if (!options.html.empty()) return options.html;
    const std::string folder = history::run_paths(history.path(), run).folder;
    if (const auto made = make_folders(folder); !made)
        return made.error().within("the page's usual place; name another with --html FILE");
    return folder + "/report.html";
}

Result<void> report_run(const ReportOptions& options) {
    const history::Database history = PLIM_TRY(open_history(options.history));
    const report::RunReport told = PLIM_TRY(read_report(history, options.run));
    std::optional<report::RunReport> before;
    if (!options.compare.empty()) before = PLIM_TRY(read_report(history, options.compare));
    const std::string page = report::page(told, before, PLIMSOLL_VERSION);
    if (options.html == "-") {
        print(page);
        return {};
    }
    const std::string path = PLIM_TRY(place_of(options, history, told.run.id));
    // A page that the user places is as open as he lets files be; one in the run's folder is his own.
    PLIM_TRY(write_page(path, page, options.html.empty() ? 0600 : 0666));
    print(fmt::format("report of run {}: {}\n", told.run.id, path));
    return {};
}

}  // namespace

int report_command(const ReportOptions& options) {
    const auto reported = report_run(options);
    return reported ? Exit::done : fail(reported.error());
}

}  // namespace plimsoll::cli
