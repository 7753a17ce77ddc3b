// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/what_if.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <unordered_map>

#include "plimsoll/base/random.h"
#include "plimsoll/schedule/policies.h"
#include "plimsoll/simulate/scenario_truth.h"
#include "plimsoll/simulate/simulated_run.h"

namespace plimsoll::simulate {
namespace {

constexpr double gb_hour = 1e9 * 3600;
constexpr std::size_t neighbours_at_most = 5;

/// Of each task: the tasks of its kind with the nearest inputs, itself first.
std::vector<std::vector<TaskId>> neighbours_of(const RecordedWork& work) {
    std::map<TaskKind, std::vector<TaskId>> kinds;
    const auto size = [&](TaskId id) {
        return std::log1p(static_cast<double>(work.samples[id].behaviour.input_bytes.count));
    };
    for (const Task& task : work.tasks)
        if (work.samples[task.id].behaviour.exit_code == 0) kinds[task.step->kind].push_back(task.id);
    for (auto& [kind, ids] : kinds) std::ranges::stable_sort(ids, {}, size);
    std::vector<std::vector<TaskId>> all(work.tasks.size());
    for (const Task& task : work.tasks) {
        const std::vector<TaskId>& ids = kinds[task.step->kind];
        std::vector<TaskId>& near = all[task.id];
        near.push_back(task.id);
        const auto here = std::ranges::find(ids, task.id);
        if (here == ids.end()) continue;  // it failed, and fails again
        auto left = here, right = std::next(here);
        while (near.size() < neighbours_at_most && (left != ids.begin() || right != ids.end())) {
            const bool takes_left =
                right == ids.end() ||
                (left != ids.begin() && size(task.id) - size(*std::prev(left)) <= size(*right) - size(task.id));
            near.push_back(takes_left ? *--left : *right++);
        }
    }
    return all;
}

/// Which task's record each task follows in this draw.
std::vector<TaskId> drawn(const std::vector<std::vector<TaskId>>& neighbours, Rng& rng, bool as_it_was) {
    std::vector<TaskId> from;
    for (const auto& near : neighbours)
        from.push_back(
            as_it_was ? near.front()
                      : near[static_cast<std::size_t>(rng.between(0, static_cast<std::int64_t>(near.size()) - 1))]);
    return from;
}

Truth truth_of(const RecordedWork& work, const std::vector<TaskId>& from) {
    std::unordered_map<std::string, Behaviour> behaviours;
    for (const Task& task : work.tasks) {
        Behaviour behaviour = work.samples[from[task.id]].behaviour;
        behaviour.input_bytes = work.samples[task.id].behaviour.input_bytes;
        behaviour.features = work.samples[task.id].behaviour.features;
        behaviours.emplace(task.name, behaviour);
    }
    return [behaviours = std::move(behaviours)](const std::string& task, int) { return behaviours.at(task); };
}

std::vector<Node> nodes_of(const Alternative& how) {
    std::vector<Node> nodes;
    for (int id = 0; id < how.nodes; ++id)
        nodes.push_back({.id = static_cast<NodeId>(id), .name = fmt::format("node{}", id), .capacity = how.capacity});
    return nodes;
}

SimulatedRun::Setup setup_of(const RecordedWork& work, const Alternative& how, Truth truth) {
    const schedule::NamedPolicy& policy = *schedule::find_policy(how.policy);
    return {.nodes = nodes_of(how),
            .truth = std::move(truth),
            .keep_going = true,
            .shape = how.by_requests ? loop::ShapeMode::off : loop::ShapeMode::full,
            .policy = policy.policy,
            .risk = Risk{how.risk},
            .memory_headroom = how.by_requests ? Bytes{} : forecast::live_headroom,
            .machine = work.run.machine,
            .store = {},
            .queues = schedule::queues_of(policy)};
}

Course course_of(const RecordedWork& work, SimulatedRun& run, const std::vector<TaskId>& from) {
    // The loop takes its time for the last end too, and that of the records counts it.
    const Duration after_last = std::max(Duration::zero(), work.runner.after_last - work.runner.per_end);
    Course course{.makespan_s = seconds(run.clock().now().time_since_epoch() + after_last)};
    double used_bytes = 0, used_cores = 0;
    for (const history::Entry& entry : run.store().entries()) {
        const auto* ended = std::get_if<history::AttemptEnded>(&entry);
        if (!ended) continue;
        const AttemptRecord& attempt = ended->attempt;
        course.reserved_gbh += attempt.shaping.reserved_byte_seconds / gb_hour;
        course.reserved_ch += attempt.shaping.reserved_core_seconds / 3600;
        if (attempt.outcome->ending != Ending::finished) {
            ++course.failed_attempts;
            continue;
        }
        used_bytes += work.samples[from[attempt.id.task]].used_byte_seconds;
        used_cores += work.samples[from[attempt.id.task]].used_core_seconds;
    }
    course.failed_tasks = run.loop().tasks().count(TaskState::failed);
    course.wasted_gbh = course.reserved_gbh - used_bytes / gb_hour;
    course.wasted_ch = course.reserved_ch - used_cores / 3600;
    return course;
}

/// Where all tasks are there from the start: when the runner came to them.
std::vector<Instant> arrivals_after(Duration before_first, const RecordedWork& work) {
    return std::vector<Instant>(work.tasks.size(), Instant(before_first));
}

Starts starts_of(const RecordedWork& work, const SimulatedEngine& engine) {
    Starts starts(work.tasks.size());
    for (const auto& stretch : engine.stretches())
        if (stretch.attempt.number == 1) starts[stretch.attempt.task] = stretch.from;
    return starts;
}

Result<Course> play(const RecordedWork& work, const Alternative& how, std::span<const Observation> before,
                    const std::vector<TaskId>& from, Starts* starts) {
    const auto forecaster = forecast::make_forecaster(how.by_requests ? "request" : "replayed-cost");
    if (!how.by_requests)
        for (const Observation& one : before) forecaster->learn(one);
    SimulatedRun run(setup_of(work, how, truth_of(work, from)), *forecaster);
    run.engine().set_runner_time(work.runner.per_end, work.runner.per_start);
    ArrivingSource source(work.tasks, work.has_needs ? arrivals_after(work.runner.before_first, work) : work.arrivals,
                          run.engine(), run.clock());
    run.loop().add(source);
    PLIM_TRY(run.finish());
    if (starts) *starts = starts_of(work, run.engine());
    return course_of(work, run, from);
}

/// The middle of some draws, and where nine of ten lie.
struct Interval {
    double low = 0, median = 0, high = 0;
};

constexpr double Course::* figures[] = {&Course::makespan_s,  &Course::reserved_gbh, &Course::wasted_gbh,
                                        &Course::reserved_ch, &Course::wasted_ch,    &Course::failed_attempts,
                                        &Course::failed_tasks};

Interval interval_of(std::vector<double> values) {
    if (values.empty()) return {};
    std::ranges::sort(values);
    const auto at = [&](double share) {
        return values[static_cast<std::size_t>(std::llround(share * static_cast<double>(values.size() - 1)))];
    };
    return {at(0.05), at(0.5), at(0.95)};
}

}  // namespace

Course& operator+=(Course& sum, const Course& more) {
    for (double Course::* figure : figures) sum.*figure += more.*figure;
    return sum;
}

CourseEstimate estimate_of(std::span<const Course> courses) {
    CourseEstimate estimate;
    for (double Course::* figure : figures) {
        std::vector<double> values;
        for (const Course& course : courses) values.push_back(course.*figure);
        const Interval interval = interval_of(std::move(values));
        estimate.low.*figure = interval.low;
        estimate.median.*figure = interval.median;
        estimate.high.*figure = interval.high;
    }
    return estimate;
}

Result<std::vector<Course>> what_if(const RecordedWork& work, const Alternative& how,
                                    std::span<const Observation> before, const Draws& draws, Starts* last_starts) {
    if (!schedule::find_policy(how.policy)) return invalid(fmt::format("no policy is called '{}'", how.policy));
    const auto neighbours = neighbours_of(work);
    Rng rng(draws.seed);
    std::vector<Course> courses;
    for (int draw = 0; draw < draws.count; ++draw)
        courses.push_back(PLIM_TRY(play(work, how, before, drawn(neighbours, rng, draws.count == 1), last_starts)));
    return courses;
}

}  // namespace plimsoll::simulate
