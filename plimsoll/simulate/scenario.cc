// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/scenario.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "plimsoll/base/text.h"
#include "plimsoll/simulate/laws.h"
#include "plimsoll/simulate/promised_deadlines.h"
#include "plimsoll/simulate/queue_laws.h"
#include "plimsoll/simulate/reclaim_laws.h"
#include "plimsoll/simulate/scenario_truth.h"
#include "plimsoll/simulate/share_laws.h"

namespace plimsoll::simulate {
namespace {

/// What all runs of a scenario keep.
struct Learnt {
    std::string name;  ///< of the forecaster
    std::unique_ptr<forecast::Forecaster> forecaster;
    std::vector<Observation> durable;  ///< from which a next start learns anew

    void start_anew() {
        forecaster = forecast::make_forecaster(name);
        for (const Observation& one : durable) forecaster->learn(one);
    }
};

/// As the history gives it to the models.
Observation observation_of(const AttemptRecord& attempt) {
    return {.kind = attempt.kind,
            .features = attempt.features,
            .profile = attempt.profile,
            .ending = attempt.outcome->ending,
            .reserved_memory = attempt.reserved.memory,
            .reserved_cpu = attempt.reserved.cpu};
}

/// Tasks with a deadline that finished after it, or not at all.
int deadlines_missed(const Scenario& scenario, const Played& played) {
    int missed = 0;
    for (const Task& task : scenario.workflow.tasks) {
        if (!task.step->deadline) continue;
        bool met = false;
        for (std::size_t at = 0; at < played.attempts.size(); ++at)
            met |= played.attempts[at].id.task == task.id && played.attempts[at].outcome->ending == Ending::finished &&
                   played.spans[at].until <= Instant(*task.step->deadline);
        missed += !met;
    }
    return missed;
}

StoreBehaviour store_of(const Scenario& scenario) {
    StoreBehaviour store{.lag_max = scenario.history_lag, .trouble = {}};
    for (const WorldFault& fault : scenario.faults)
        if (fault.kind == WorldFault::Kind::history_full || fault.kind == WorldFault::Kind::disk_full)
            store.trouble.emplace_back(Instant(fault.from), Instant(fault.until));
    return store;
}

// As long as that the loop waits for a history that cannot be written where nothing runs any more (loop.cc); from then
// on it may give up.
constexpr Duration gives_up_after = std::chrono::seconds(30);

using Stretch = std::pair<Instant, Instant>;

/// The stretch in which the history cannot be written without a break, at that instant.
std::optional<Stretch> trouble_at(const std::vector<Stretch>& trouble, Instant when) {
    Stretch all{when, when};
    for (bool grows = true; grows;) {
        grows = false;
        for (const auto& [from, until] : trouble) {
            if (from > all.second || until < all.first || (from >= all.first && until <= all.second)) continue;
            all = {std::min(all.first, from), std::max(all.second, until)};
            grows = true;
        }
    }
    return all.second > when ? std::optional(all) : std::nullopt;
}

/// When the last of the faults is over, and the last tasks have come.
Instant calm_from(const Scenario& scenario) {
    Duration last{};
    for (const WorldFault& fault : scenario.faults)
        last = std::max(last, std::max(fault.from, fault.until) + std::max(Duration::zero(), fault.length));
    for (const auto& [step, truth] : scenario.truths) last = std::max(last, truth.arrives);
    return Instant(last);
}

/// From one start of Plimsoll to its end, or to its death.
class Start {
public:
    Start(const Scenario& scenario, const Truth& truth, Learnt& learnt, Instant begins, Files files)
        : scenario_(scenario),
          learnt_(learnt),
          run_({.nodes = scenario.nodes,
                .truth = truth,
                .keep_going = scenario.keep_going,
                .shape = scenario.shape,
                .abilities = scenario.abilities,
                .store = store_of(scenario),
                .queues = scenario.queues,
                .seed = scenario.seed,
                .begins = begins,
                .files = files},
               *learnt.forecaster),
          source_(scenario.workflow.tasks, arrivals_of(scenario), run_.engine(), run_.clock()),
          laws_(scenario.workflow, run_, std::move(files.sealed)),
          queue_laws_(scenario.queues, scenario.workflow, [this](std::string what) { laws_.broke(std::move(what)); }),
          death_(next_death(scenario.faults, begins)) {
        if (has_plain_contention(scenario))
            share_laws_.emplace(scenario, [this](std::string what) { laws_.broke(std::move(what)); });
        if (has_plain_reclaim(scenario))
            reclaim_laws_.emplace(scenario, [this](std::string what) { laws_.broke(std::move(what)); });
        arrange(scenario.faults, run_);
        laws_.calm_from(calm_from(scenario));
        if (death_) run_.engine().at(Instant(death_->from), [this] { run_.kill(); });
        if (scenario.stop) run_.engine().at(Instant(scenario.stop->first), [] {});
        run_.loop().add(source_);
    }
    SimulatedRun& run() { return run_; }
    /// When Plimsoll is started again; nothing where the run came to its end.
    std::optional<Instant> starts_again() {
        if (gave_up_) return gave_up_->second;
        if (!run_.is_killed()) return std::nullopt;
        return std::max(run_.clock().now(), Instant(death_->until));
    }

    /// Gives what broke, or did not end, as an error.
    Result<void> play(Played& played) {
        const auto ended = run_.play([&](const std::vector<loop::Event>& told) {
            laws_.after_tick(told);
            queue_laws_.hear(told);
            if (share_laws_) share_laws_->hear(told);
            if (reclaim_laws_) reclaim_laws_->hear(told, run_.clock().now());
            std::ranges::copy(told, std::back_inserter(played.events));
            if (scenario_.stop && run_.clock().now() >= Instant(scenario_.stop->first))
                run_.loop().stop(scenario_.stop->second);
        });
        if (!ended) PLIM_TRY(give_up(ended.error()));
        if (!starts_again()) laws_.at_the_end(source_.sent());
        keep_attempts(played);
        std::ranges::copy(run_.workspace().deleted(), std::back_inserter(played.deleted));
        played.tasks = run_.store().tasks();
        played.state = run_.loop().state();
        if (laws_.broken().empty()) return {};
        return Error{ErrorKind::damaged, join(laws_.broken(), "\n")};
    }

    /// What the next start finds: what is durable, and what stands on the disk.
    Files left() {
        Files files = run_.workspace().files();
        const auto& entries = run_.store().entries();
        for (std::size_t at = 0; at < run_.durable_through(); ++at)
            if (const auto* sealed = std::get_if<history::TaskSealed>(&entries[at]))
                files.sealed.insert(sealed->receipt.task_name);
        return files;
    }

private:
    /// It may, where the history could not be written for so long and nothing runs; else its error is what broke.
    Result<void> give_up(const Error& why) {
        std::vector<Stretch> trouble = store_of(scenario_).trouble;
        for (const WorldFault& fault : scenario_.faults)  // in which nobody could have seen that it was over
            if (fault.kind == WorldFault::Kind::suspended)
                trouble.emplace_back(Instant(fault.from), Instant(fault.from + fault.length));
        gave_up_ = trouble_at(trouble, run_.clock().now());
        const bool is_right = why.kind == ErrorKind::unavailable && gave_up_ && run_.engine().running() == 0 &&
                              run_.clock().now() - gave_up_->first >= gives_up_after;
        return is_right ? Result<void>{} : Result<void>(why);
    }

    /// Those that ended, and then those whose end nobody saw.
    void keep_attempts(Played& played) {
        const auto& entries = run_.store().entries();
        std::map<AttemptId, const AttemptRecord*> open;
        std::map<AttemptId, Span> spans;
        for (const auto& stretch : run_.engine().stretches())
            spans[stretch.attempt] = {stretch.from, stretch.until, stretch.node};
        for (std::size_t at = 0; at < entries.size(); ++at) {
            if (const auto* started = std::get_if<history::AttemptStarted>(&entries[at]))
                open[started->attempt.id] = &started->attempt;
            const auto* ended = std::get_if<history::AttemptEnded>(&entries[at]);
            if (!ended || at >= run_.durable_through()) continue;
            open.erase(ended->attempt.id);
            if (!ended->attempt.is_resumed) learnt_.durable.push_back(observation_of(ended->attempt));
            const auto span = spans.find(ended->attempt.id);
            // One that could not be started has none.
            const Instant now{ended->attempt.started.time_since_epoch()};
            played.attempts.push_back(ended->attempt);
            played.spans.push_back(span == spans.end() ? Span{now, now} : span->second);
        }
        for (const auto& [id, attempt] : open) {
            AttemptRecord lost = *attempt;
            lost.ended = run_.clock().wall();
            lost.outcome = Outcome{Ending::lost, 0, "Plimsoll ended before it did"};
            played.attempts.push_back(std::move(lost));
            const Instant now = run_.clock().now();
            const auto running = run_.engine().running_since(id);
            const auto span = spans.find(id);  // it had ended, and that was not durable
            played.spans.push_back(running               ? Span{running->from, now, running->node}
                                   : span != spans.end() ? span->second
                                                         : Span{now, now});
        }
    }

    const Scenario& scenario_;
    Learnt& learnt_;
    SimulatedRun run_;
    ArrivingSource source_;
    Laws laws_;
    QueueLaws queue_laws_;
    std::optional<ShareLaws> share_laws_;
    std::optional<ReclaimLaws> reclaim_laws_;
    const WorldFault* death_;
    std::optional<Stretch> gave_up_;  ///< the history could not be written in it
};

Result<Played> play_run(const Scenario& scenario, int number, Learnt& learnt) {
    const Truth truth = truth_of(scenario, number);
    Files files;
    for (const Task& task : scenario.workflow.tasks)
        for (const OutputFile& output : task.outputs)
            if (output.temporary && truth(task.name, 1).up_to_date) files.gone.insert(output.path);
    Played played;
    Instant begins{};
    for (;; ++played.starts) {
        Start start(scenario, truth, learnt, begins, std::move(files));
        PLIM_TRY(start.play(played));
        played.makespan = start.run().clock().now().time_since_epoch();
        const auto again = start.starts_again();
        if (!again) break;
        files = start.left();
        begins = *again;
        learnt.start_anew();
    }
    played.deadlines_missed = deadlines_missed(scenario, played);
    if (played.deadlines_missed > 0 && are_promised(scenario))
        return Error{ErrorKind::damaged, fmt::format("{} deadlines were admitted, forecasts held, and were not met",
                                                     played.deadlines_missed)};
    return played;
}

}  // namespace

Result<std::vector<Played>> play(const Scenario& scenario) {
    Learnt learnt{
        .name = scenario.forecaster, .forecaster = forecast::make_forecaster(scenario.forecaster), .durable = {}};
    if (!learnt.forecaster) return invalid(fmt::format("no forecaster is called '{}'", scenario.forecaster));
    std::vector<Played> runs;
    for (int run = 1; run <= scenario.runs; ++run) {
        auto played = play_run(scenario, run, learnt);
        if (!played) return played.error().within(fmt::format("run {}", run));
        runs.push_back(std::move(*played));
    }
    return runs;
}

}  // namespace plimsoll::simulate
