// SPDX-License-Identifier: Apache-2.0
// plimsoll attach, stop and logs: a run that is under way, from another terminal.
#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "apps/plimsoll/command_frame.h"
#include "apps/plimsoll/follow.h"
#include "plimsoll/history/location.h"
#include "plimsoll/machine/process.h"

namespace plimsoll::cli {
namespace {

constexpr Duration look_again = std::chrono::milliseconds(200);

bool is_under_way(const RunRecord& run) { return run.state == RunState::running && machine::is_alive(run.owner); }

int exit_code_of(RunState state) {
    switch (state) {
        case RunState::finished: return Exit::done;
        case RunState::failed: return Exit::task_failed;
        default: return Exit::interrupted;
    }
}

Result<int> attach(const TargetOptions& options) {
    const history::Database history = PLIM_TRY(open_history(options.history));
    RunRecord run = PLIM_TRY(history.run(options.run));
    const history::RunPaths paths = history::run_paths(PLIM_TRY(history_path(options.history)), run.id);
    Follower follower(options.json ? paths.events : paths.output);
    while (true) {
        // By its process, not by its record: the record says finished before the last events are written. And the
        // process before state and text: what it wrote before its end is then read after that was seen.
        const bool last = !machine::is_alive(run.owner);
        run = PLIM_TRY(history.run(run.id));
        for (std::string text = follower.read_new(); !text.empty(); text = follower.read_new()) print(text);
        if (last) break;
        pause_for(look_again);
    }
    if (run.state == RunState::running)
        std::fprintf(stderr, "plimsoll: the process of run %s is gone; `plimsoll run` on its file goes on from there\n",
                     run.id.c_str());
    return exit_code_of(run.state);
}

Result<int> stop(const TargetOptions& options) {
    const history::Database history = PLIM_TRY(open_history(options.history));
    const RunRecord run = PLIM_TRY(history.run(options.run));
    if (!is_under_way(run))
        return invalid(
            fmt::format("run {} is not under way: its state is '{}'", run.id, name_of(as_it_stands(run).state)));
    if (::kill(run.owner.pid, options.now ? SIGUSR1 : SIGTERM) < 0)
        return system_error(fmt::format("signal process {}", run.owner.pid));
    print(fmt::format("run {} was asked to stop{}\n", run.id,
                      options.now ? " at once" : " once its running tasks are done"));
    return static_cast<int>(Exit::done);
}

std::string header_of(const AttemptRecord& attempt) {
    return fmt::format("==> {}, attempt {} <==\n", attempt.task_name, attempt.id.number);
}

bool has_text(const AttemptRecord& attempt) {
    struct stat found{};
    return !attempt.log.empty() && ::stat(attempt.log.c_str(), &found) == 0 && found.st_size > 0;
}

/// The attempts' logs, each followed from where it was left; a header where the speaker changes.
class LogFeed {
public:
    explicit LogFeed(bool one_task) : one_task_(one_task) {}
    bool is_silent() const { return speaker_.number == 0; }
    void feed(const std::vector<AttemptRecord>& attempts) {
        for (const AttemptRecord& attempt : attempts) {
            if (!has_text(attempt)) continue;
            Follower& follower = followers_.try_emplace(attempt.id, attempt.log).first->second;
            for (std::string text = follower.read_new(); !text.empty(); text = follower.read_new()) {
                if (speaker_ != attempt.id && !one_task_) print(header_of(attempt));
                speaker_ = attempt.id;
                print(text);
            }
        }
    }

private:
    bool one_task_;
    AttemptId speaker_{.task = 0, .number = 0};
    std::map<AttemptId, Follower> followers_;
};

/// Said where a reader would wonder why nothing came.
void tell_silence(const Target& target) {
    const RunRecord& found = target.run;
    const RunId& run = found.id;
    if (found.file.empty()) {
        std::fprintf(stderr, "plimsoll: run %s was of a single command: what it printed went where it was started\n",
                     run.c_str());
        return;
    }
    std::string text = fmt::format("no task printed anything in run {}\n", run);
    for (const TaskRecord& task : target.tasks) {
        if (&task == &target.tasks.front()) text.clear();
        const std::string_view state = task.state == TaskState::up_to_date ? "" : name_of(task.state);
        text += fmt::format("{} printed nothing in run {}: {}{}{}\n", task.name, run, state,
                            state.empty() || task.reason.empty() ? "" : ", ", task.reason);
    }
    std::fprintf(stderr, "plimsoll: %s", text.c_str());
}

bool has(const Target& target, const AttemptRecord& attempt) {
    return std::ranges::find(target.tasks, attempt.id.task, &TaskRecord::id) != target.tasks.end();
}

Result<int> logs(const TargetOptions& options) {
    const history::Database history = PLIM_TRY(open_history(options.history));
    Target target = PLIM_TRY(find_target(history, options));
    RunRecord& run = target.run;
    const std::optional<TaskId> only = target.tasks.size() == 1 ? std::optional(target.tasks.front().id) : std::nullopt;
    LogFeed feed(only.has_value());
    while (true) {
        const bool last = !options.follow || !is_under_way(run);
        std::vector<AttemptRecord> attempts = PLIM_TRY(history.attempts_so_far(run.id, only));
        if (!target.tasks.empty()) std::erase_if(attempts, [&](const auto& each) { return !has(target, each); });
        feed.feed(attempts);
        if (last && feed.is_silent() && !is_under_way(run)) tell_silence(target);
        if (last) return static_cast<int>(Exit::done);
        pause_for(look_again);
        run = PLIM_TRY(history.run(run.id));
    }
}

int exit_of(const Result<int>& result) { return result ? *result : fail(result.error()); }

}  // namespace

int attach_command(const TargetOptions& options) { return exit_of(attach(options)); }
int stop_command(const TargetOptions& options) { return exit_of(stop(options)); }
int logs_command(const TargetOptions& options) { return exit_of(logs(options)); }

}  // namespace plimsoll::cli
