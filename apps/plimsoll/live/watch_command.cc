// SPDX-License-Identifier: Apache-2.0
// plimsoll watch RUN: the view of a run from another terminal.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <optional>

#include "apps/plimsoll/command_frame.h"
#include "apps/plimsoll/follow.h"
#include "apps/plimsoll/live/redrawn.h"
#include "apps/plimsoll/live/run_watch.h"
#include "apps/plimsoll/live/terminal.h"
#include "apps/plimsoll/summary_text.h"
#include "plimsoll/base/clock.h"
#include "plimsoll/machine/process.h"
#include "plimsoll/view/cells.h"
#include "plimsoll/view/draw_run.h"
#include "plimsoll/view/ended_run.h"
#include "plimsoll/view/run_view_json.h"

namespace plimsoll::cli {
namespace {

constexpr Duration look_again = std::chrono::milliseconds(500);
constexpr int all_lines = 100000;
constexpr Duration json_period = std::chrono::seconds(1);
// A run says how it stands from its start on; one that has not by then never will.
constexpr Duration first_word = std::chrono::seconds(3);

bool is_under_way(const RunRecord& run) { return run.state == RunState::running && machine::is_alive(run.owner); }

int exit_code_of(RunState state) {
    if (state == RunState::finished) return Exit::done;
    return state == RunState::failed ? Exit::task_failed : Exit::interrupted;
}

/// The run as it came out.
Result<int> tell_end(const history::Database& history, const RunId& id) {
    const RunRecord run = PLIM_TRY(find_run(history, id));
    const std::vector<TaskRecord> tasks = PLIM_TRY(history.tasks(id));
    const std::vector<AttemptRecord> attempts = PLIM_TRY(history.attempts(id));
    if (run.ended) print(fmt::format("this run is over: it ended at {}\n", rfc3339(*run.ended)));
    else print("this run is over: its process is gone; `plimsoll run` on its file goes on from there\n");
    print(summary_text(run, loop::summarize(run, tasks, attempts)) + failures_text(tasks) +
          tasks_table(attempts, columns_for_text(STDOUT_FILENO)));
    return exit_code_of(run.state);
}

Result<int> print_json(const history::Database& history, const RunId& id, bool once) {
    const std::string folder = own_live_folder();
    while (true) {
        const RunRecord run = PLIM_TRY(find_run(history, id));
        if (!is_under_way(run)) {
            print(view::to_json(view::ended_run(run, PLIM_TRY(history.tasks(id)))) + "\n");
            return once ? static_cast<int>(Exit::done) : exit_code_of(run.state);
        }
        const std::optional<view::RunView> seen = view::read_live(folder, id);
        if (seen) print(view::to_json(*seen) + "\n");
        if (seen && once) return static_cast<int>(Exit::done);
        pause_for(seen ? json_period : look_again);
    }
}

/// As it stands, on as many lines as that takes.
Result<int> print_once(const RunId& id) {
    const std::optional<view::RunView> run = view::read_live(own_live_folder(), id);
    if (!run)
        return unavailable(
            fmt::format("run {} does not say how it stands; `plimsoll attach {}` follows what it prints", id, id));
    const view::Page page = page_of(STDOUT_FILENO).value_or(view::Page{});
    for (const std::string& line : view::draw_run(*run, {.columns = page.columns, .lines = all_lines}))
        print(line + "\n");
    return static_cast<int>(Exit::done);
}

/// The happenings that have not been told yet, a line each.
std::string news_of(const view::RunView& run, std::uint64_t& told) {
    std::string text;
    for (const view::Happening& happening : run.happenings) {
        if (happening.number <= told) continue;
        told = happening.number;
        text += view::printable(happening.text) + "\n";
    }
    return text;
}

/// Until the run is over (its exit code), or whoever watches has seen enough (nothing), or the run tells nothing.
enum class Watched { to_its_end, left, tells_nothing };
Result<Watched> draw_to_its_end(const history::Database& history, const RunId& id) {
    Redrawn screen = PLIM_TRY(Redrawn::open());
    const std::string folder = own_live_folder();
    const MachineClock clock;
    const Instant start = clock.now();
    std::uint64_t told = 0;
    bool was_seen = false;
    while (is_under_way(PLIM_TRY(history.run(id)))) {
        if (const auto run = view::read_live(folder, id)) {
            was_seen = true;
            if (const std::string news = news_of(*run, told); !news.empty()) screen.print(news);
            screen.draw([&](const view::Page& page) { return view::draw_run(*run, page); });
        } else if (!was_seen && clock.now() - start > first_word) {
            return Watched::tells_nothing;
        }
        if (!screen.wait(look_again)) return Watched::left;
    }
    screen.clear();
    return Watched::to_its_end;
}

Result<int> watch(const TargetOptions& options) {
    const history::Database history = PLIM_TRY(open_history(options.history));
    const RunRecord run = PLIM_TRY(find_run(history, options.run));
    if (options.json) return print_json(history, run.id, options.once);
    if (!is_under_way(run)) return tell_end(history, run.id);
    if (options.once) return print_once(run.id);
    if (!can_draw(STDOUT_FILENO)) return attach_command(options);
    switch (PLIM_TRY(draw_to_its_end(history, run.id))) {
        case Watched::to_its_end: return tell_end(history, run.id);
        case Watched::left:
            print(fmt::format("run {} goes on; `plimsoll watch {}` comes back to it\n", run.id, run.id));
            return static_cast<int>(Exit::interrupted);
        case Watched::tells_nothing: break;
    }
    std::fputs(
        "plimsoll: this run does not say how it stands (it counts with another PLIMSOLL_LEDGER, or its version knows "
        "no "
        "watch); what it prints is followed instead\n",
        stderr);
    return attach_command(options);
}

}  // namespace

int watch_command(const TargetOptions& options) {
    const auto code = watch(options);
    return code ? *code : fail(code.error());
}

}  // namespace plimsoll::cli
