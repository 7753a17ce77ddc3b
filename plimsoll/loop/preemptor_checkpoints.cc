// SPDX-License-Identifier: Apache-2.0
// Checkpoints: who has to make room is first asked to save its work, where its step says how, and the next attempt goes
// on from there. What saves it runs beside the attempt; when it is done, or has taken too long, the attempt is ended.
#include <fmt/format.h>

#include <algorithm>

#include "plimsoll/base/path.h"
#include "plimsoll/base/probe.h"
#include "plimsoll/history/location.h"
#include "plimsoll/loop/decisions.h"
#include "plimsoll/loop/preemptor.h"

namespace plimsoll::loop {

/// How long it takes to save what a task of the step has done: as was measured last, or as its author says, or as long
/// as it may.
Duration Preemptor::saving_time(const Step& step) const {
    const auto measured = saving_times_.find(&step);
    if (measured != saving_times_.end()) return measured->second;
    return step.checkpoint->takes.value_or(step.checkpoint->within);
}

/// The work, in seconds, that is done again or not done should the attempt be ended: what it did since it began or went
/// on, or, where that is more, the time in which that is saved.
double Preemptor::lost_if_ended(const RunningAttempt& attempt, Instant now) const {
    const Duration own = own_time(attempt, now);
    return seconds(
        attempt.checkpoint.empty() ? own : std::min(own, saving_time(*books_.tasks[attempt.record.id.task].task.step)));
}

/// Begins to save it; false where that is not worth it, or not possible.
bool Preemptor::save(RunningAttempt& attempt, const std::string& reason, Instant now) {
    const AttemptId id = attempt.record.id;
    const Step& step = *books_.tasks[id.task].task.step;
    if (attempt.checkpoint.empty() || own_time(attempt, now) <= saving_time(step)) return false;
    engine::Launch launch{.attempt = saving_of(id),
                          .task_name = books_.tasks[id.task].task.name,
                          .command = step.checkpoint->command,
                          .shell = "sh -c",
                          .workdir = resolved_path(books_.options.folder, step.workdir),
                          .env = {step.env.begin(), step.env.end()},
                          .secrets = step.secrets,
                          .log = books_.options.log_folder + "/" +
                                 history::log_file_name(books_.tasks[id.task].task.name + ".checkpoint", id.number),
                          .reserved = {},
                          .limits = {},
                          .node = attempt.placement.node};
    launch.env.emplace_back(engine::checkpoint_variable, attempt.checkpoint);
    launch.env.emplace_back("PLIMSOLL_PID", std::to_string(attempt.placement.pid));
    const auto started = books_.edges.engine.start(launch);
    const std::string told =
        started ? fmt::format("{}; first its work is saved, which may take {}", reason, format(step.checkpoint->within))
                : "its work cannot be saved: " + started.error().message;
    books_.journal.record(decision("checkpoint", "order", {}, {}, told), id.task, id.number);
    if (!started) {
        PLIM_PROBE("loop: what saves an attempt's work could not be started");
        return false;
    }
    attempt.is_being_saved = true;
    attempt.saving_since = now;
    attempt.must_die = now + step.checkpoint->within;
    return true;
}

std::optional<engine::Ended> Preemptor::settle_saving(const engine::Ended& ended, Instant now) {
    RunningAttempt& attempt = books_.running.at(ended.attempt.task);
    const AttemptId id = attempt.record.id;
    Tries& tries = books_.tasks.at(id.task).tries;
    attempt.is_being_saved = false;
    const Duration took = ended.at - attempt.saving_since;
    if (ended.outcome.ending == Ending::finished) {
        PLIM_PROBE("loop: an attempt's work was saved");
        saving_times_[books_.tasks[id.task].task.step] = took;
        tries.saved = attempt.checkpoint;
        books_.journal.record(
            decision("checkpoint", "order", {}, {},
                     fmt::format("its work was saved in {}, and the next attempt goes on from there", format(took))),
            id.task, id.number);
    } else {
        PLIM_PROBE("loop: an attempt's work could not be saved");
        const std::string from = tries.saved.empty() ? "begins anew" : "goes on from what was saved before";
        books_.journal.record(decision("checkpoint", "order", {}, {},
                                       fmt::format("its work was not saved ({} after {}): the next attempt {}",
                                                   describe(ended.outcome), format(took), from)),
                              id.task, id.number);
    }
    if (!attempt.ended_meanwhile) end_for_others(attempt, now);
    return attempt.ended_meanwhile;
}

void Preemptor::stop_saving(RunningAttempt& attempt, Instant now) {
    PLIM_PROBE("loop: what saves an attempt's work took too long");
    attempt.must_die = now + books_.options.grace;
    books_.edges.engine.stop(saving_of(attempt.record.id), engine::StopHow::kill);
}

}  // namespace plimsoll::loop
