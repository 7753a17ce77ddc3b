// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/recorded_work.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

namespace plimsoll::simulate {
namespace {

/// The attempt that tells most of each task: the one that finished, else the last. In the order in which tasks joined:
/// a run that ran here numbered them so, an import's stand as they came to be ready.
std::vector<const AttemptRecord*> telling(std::span<const AttemptRecord> attempts) {
    std::map<TaskId, const AttemptRecord*> best;
    for (const AttemptRecord& attempt : attempts) {
        if (!attempt.outcome || attempt.outcome->ending == Ending::lost) continue;
        const AttemptRecord*& known = best[attempt.id.task];
        if (!known || known->outcome->ending != Ending::finished) known = &attempt;
    }
    std::vector<const AttemptRecord*> order;
    for (const auto& [task, attempt] : best) order.push_back(attempt);
    if (std::ranges::all_of(order, [](const AttemptRecord* one) { return one->wait.has_value(); })) return order;
    const auto ready = [](const AttemptRecord* one) {
        return one->started - (one->wait ? one->wait->time : Duration::zero());
    };
    std::ranges::stable_sort(order, {}, [&](const AttemptRecord* one) { return std::pair(ready(one), one->started); });
    return order;
}

/// In whichever order they started, a task stands behind all that it needs.
class Building {
public:
    Building(const RunRecord& run, std::span<const Receipt> receipts) {
        work_.run = run;
        for (const Receipt& receipt : receipts) receipts_[receipt.task_name] = &receipt;
    }

    RecordedWork build(const std::vector<const AttemptRecord*>& order) {
        for (const AttemptRecord* attempt : order) note_outputs(*attempt);
        for (const AttemptRecord* attempt : order) by_old_id_[attempt->id.task] = attempt;
        for (const AttemptRecord* attempt : order) by_name_[attempt->task_name] = attempt;
        for (const AttemptRecord* attempt : order) note_part(*attempt);
        for (const AttemptRecord* attempt : order) visit(*attempt);
        Instant last{};
        for (Instant& arrival : work_.arrivals) arrival = last = std::max(last, work_.has_needs ? Instant{} : arrival);
        return std::move(work_);
    }

private:
    void note_outputs(const AttemptRecord& attempt) {
        const auto receipt = receipts_.find(attempt.task_name);
        if (receipt == receipts_.end()) return;
        for (const FileStamp& output : receipt->second->outputs) maker_of_[output.path] = &attempt;
    }

    /// A task that was split stands there as its parts, "align:1" and on, and as what joined them, "align".
    void note_part(const AttemptRecord& attempt) {
        const std::string& name = attempt.task_name;
        const std::size_t colon = name.rfind(':');
        if (colon == std::string::npos) return;
        const auto whole = by_name_.find(name.substr(0, colon));
        if (whole == by_name_.end() || whole->second->kind.step != attempt.kind.step + ":join") return;
        parts_of_[whole->second].push_back(&attempt);
        whole_of_[&attempt] = whole->second;
    }

    void add_makers(const std::string& task, std::set<const AttemptRecord*>& needs) const {
        const auto receipt = receipts_.find(task);
        if (receipt == receipts_.end()) return;
        for (const FileStamp& input : receipt->second->inputs)
            if (const auto maker = maker_of_.find(input.path); maker != maker_of_.end()) needs.insert(maker->second);
    }

    std::set<const AttemptRecord*> needs_of(const AttemptRecord& attempt) const {
        std::set<const AttemptRecord*> needs;
        const auto whole = whole_of_.find(&attempt);
        add_makers(attempt.task_name, needs);
        if (whole != whole_of_.end()) {
            add_makers(whole->second->task_name, needs);
            needs.erase(whole->second);
        }
        if (const auto parts = parts_of_.find(&attempt); parts != parts_of_.end())
            needs.insert(parts->second.begin(), parts->second.end());
        if (attempt.wait && attempt.wait->after)
            if (const auto after = by_old_id_.find(*attempt.wait->after); after != by_old_id_.end())
                needs.insert(after->second);
        needs.erase(&attempt);
        return needs;
    }

    void visit(const AttemptRecord& attempt) {
        if (!seen_.insert(&attempt).second) return;
        std::vector<TaskId> needs;
        for (const AttemptRecord* need : needs_of(attempt)) {
            visit(*need);
            // One that needs what needs it stands in receipts of two runs: the earlier of them counts.
            if (const auto there = ids_.find(need); there != ids_.end()) needs.push_back(there->second);
        }
        std::ranges::sort(needs);
        add(attempt, std::move(needs));
    }

    const Step& step_of(const AttemptRecord& attempt) {
        const auto key = std::pair(attempt.kind, attempt.request.memory.value_or(Bytes{}));
        const auto known = steps_.find(key);
        if (known != steps_.end() && known->second->request == attempt.request) return *known->second;
        Step& step = work_.steps.emplace_back();
        step.name = attempt.kind.step;
        step.kind = attempt.kind;
        step.request = attempt.request;
        steps_[key] = &step;
        return step;
    }

    void add(const AttemptRecord& attempt, std::vector<TaskId> needs) {
        Task task;
        task.id = static_cast<TaskId>(work_.tasks.size());
        task.step = &step_of(attempt);
        task.name = attempt.task_name;
        work_.has_needs |= !needs.empty();
        task.needs = std::move(needs);
        ids_[&attempt] = task.id;
        work_.without_request += !attempt.request.memory.has_value();
        work_.arrivals.emplace_back(attempt.started - work_.run.started -
                                    (attempt.wait ? attempt.wait->time : Duration::zero()));
        work_.samples.push_back(sample_of(attempt));
        work_.tasks.push_back(std::move(task));
    }

    Sample sample_of(const AttemptRecord& attempt) {
        const Profile& profile = attempt.profile;
        Sample sample{.used_byte_seconds = profile.memory_byte_seconds, .used_core_seconds = seconds(profile.cpu)};
        // Other tools tell the peak alone: it is taken to be held throughout.
        if (sample.used_byte_seconds == 0)
            sample.used_byte_seconds = static_cast<double>(profile.memory_peak.count) * seconds(profile.runtime);
        Behaviour& behaviour = sample.behaviour;
        behaviour.runtime = profile.runtime;
        behaviour.memory_peak = std::max(profile.memory_peak, Bytes{});
        behaviour.cpu = {seconds(profile.cpu) / std::max(1e-3, seconds(profile.runtime))};
        behaviour.keeps_pace = true;
        behaviour.input_bytes = attempt.features.input_bytes;
        behaviour.features = &work_.features.emplace_back(attempt.features);
        const Outcome& outcome = *attempt.outcome;
        if (outcome.ending == Ending::exit) behaviour.exit_code = std::max(1, outcome.code);
        else if (is_censored(outcome.ending) && outcome.ending != Ending::out_of_memory) behaviour.exit_code = 1;
        Bytes most{};
        for (const Segment& segment : profile.segments) most = std::max(most, segment.memory);
        if (most > Bytes{})
            behaviour.curve = &work_.curves.emplace_back(Curve{.segments = profile.segments, .peak = most});
        return sample;
    }

    RecordedWork work_;
    std::unordered_map<std::string, const Receipt*> receipts_;
    std::unordered_map<std::string, const AttemptRecord*> maker_of_;
    std::unordered_map<TaskId, const AttemptRecord*> by_old_id_;
    std::unordered_map<std::string, const AttemptRecord*> by_name_;
    std::unordered_map<const AttemptRecord*, std::vector<const AttemptRecord*>> parts_of_;
    std::unordered_map<const AttemptRecord*, const AttemptRecord*> whole_of_;
    std::set<const AttemptRecord*> seen_;
    std::unordered_map<const AttemptRecord*, TaskId> ids_;
    std::map<std::pair<TaskKind, Bytes>, const Step*> steps_;
};

}  // namespace

RecordedWork recorded_work(const RunRecord& run, std::span<const AttemptRecord> attempts,
                           std::span<const Receipt> receipts) {
    RecordedWork work = Building(run, receipts).build(telling(attempts));
    work.runner = runner_time(run, attempts);
    return work;
}

}  // namespace plimsoll::simulate
