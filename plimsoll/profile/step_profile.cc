// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/profile/step_profile.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace plimsoll::profile {
namespace {

/// What is gathered of a step before medians can be told.
struct Gathered {
    StepProfile profile;
    std::vector<Duration> runtimes;
    std::vector<Bytes> peaks, reserved;
};

using Steps = std::vector<Gathered>;

template <class Amount>
std::optional<Spread<Amount>> spread_of(std::vector<Amount>& amounts) {
    if (amounts.empty()) return std::nullopt;
    std::sort(amounts.begin(), amounts.end());
    return Spread<Amount>{amounts.front(), amounts[(amounts.size() - 1) / 2], amounts.back()};
}

/// A step's place, made when it is met first.
class StepIndex {
public:
    explicit StepIndex(Steps& steps) : steps_(steps) {}
    Gathered& operator[](const std::string& step) {
        const auto [place, is_new] = places_.try_emplace(step, steps_.size());
        if (is_new) steps_.emplace_back().profile.step = step;
        return steps_[place->second];
    }

private:
    Steps& steps_;
    std::unordered_map<std::string, std::size_t> places_;
};

void count_task(StepProfile& step, TaskState state) {
    step.finished += state == TaskState::finished;
    step.up_to_date += state == TaskState::up_to_date;
    step.failed += state == TaskState::failed;
    step.cancelled += state == TaskState::cancelled;
}

void add_totals(Profile& sum, const Profile& one) {
    sum.runtime += one.runtime;
    sum.cpu += one.cpu;
    sum.memory_byte_seconds += one.memory_byte_seconds;
    sum.read_bytes += one.read_bytes;
    sum.write_bytes += one.write_bytes;
    sum.read_operations += one.read_operations;
    sum.write_operations += one.write_operations;
    sum.network_in += one.network_in;
    sum.network_out += one.network_out;
    sum.memory_stall += one.memory_stall;
    sum.cpu_stall += one.cpu_stall;
    sum.io_stall += one.io_stall;
    sum.samples += one.samples;
    sum.cpu_peak = std::max(sum.cpu_peak, one.cpu_peak);
    sum.memory_peak = std::max(sum.memory_peak, one.memory_peak);
    sum.memory_high_water = std::max(sum.memory_high_water, one.memory_high_water);
    sum.processes_peak = std::max(sum.processes_peak, one.processes_peak);
    sum.threads_peak = std::max(sum.threads_peak, one.threads_peak);
}

void add_attempt(Gathered& step, const AttemptRecord& attempt) {
    const Ending ending = attempt.outcome->ending;
    ++step.profile.attempts;
    step.profile.retries += attempt.id.number > 1;
    ++step.profile.endings[static_cast<std::size_t>(ending)];
    step.reserved.push_back(attempt.reserved.memory);
    if (ending == Ending::finished) step.runtimes.push_back(attempt.profile.runtime);
    if (is_memory_measured(attempt.profile)) {
        ++step.profile.measured;
        step.peaks.push_back(attempt.profile.memory_peak);
    }
    add_totals(step.profile.sum, attempt.profile);
}

/// Which step made a file: by its path, or by that of a folder it lies in.
class Makers {
public:
    void add(const std::string& path, const std::string& step) {
        makers_.insert_or_assign(std::string(without_slash(path)), step);
    }
    /// "" when no step did.
    std::string_view maker_of(std::string_view path) const {
        for (path = without_slash(path); !path.empty();) {
            if (const auto found = makers_.find(std::string(path)); found != makers_.end()) return found->second;
            const std::size_t slash = path.rfind('/');
            path = slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
        }
        return {};
    }

private:
    static std::string_view without_slash(std::string_view path) {
        while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
        return path;
    }
    std::unordered_map<std::string, std::string> makers_;
};

void add_handovers(StepIndex& steps, const std::unordered_map<std::string, std::string>& step_of,
                   std::span<const Receipt> receipts) {
    Makers makers;
    for (const Receipt& receipt : receipts)
        if (const auto step = step_of.find(receipt.task_name); step != step_of.end())
            for (const FileStamp& output : receipt.outputs) makers.add(output.path, step->second);
    std::map<std::pair<std::string, std::string>, Handover> passed;  // from, to
    for (const Receipt& receipt : receipts) {
        const auto reader = step_of.find(receipt.task_name);
        if (reader == step_of.end()) continue;
        for (const FileStamp& input : receipt.inputs) {
            Handover& handover = passed[{std::string(makers.maker_of(input.path)), reader->second}];
            ++handover.files;
            handover.bytes += Bytes{input.size};
        }
    }
    for (auto& [ends, handover] : passed) {
        const auto& [from, to] = ends;
        steps[to].profile.reads.push_back({from, handover.files, handover.bytes});
        if (!from.empty()) steps[from].profile.hands.push_back({to, handover.files, handover.bytes});
    }
}

}  // namespace

std::vector<StepProfile> step_profiles(std::span<const TaskRecord> tasks, std::span<const AttemptRecord> attempts,
                                       std::span<const Receipt> receipts) {
    Steps gathered;
    StepIndex steps(gathered);
    std::unordered_map<std::string, std::string> step_of;
    for (const TaskRecord& task : tasks) {
        step_of.emplace(task.name, task.kind.step);
        count_task(steps[task.kind.step].profile, task.state);
    }
    for (const AttemptRecord& attempt : attempts)
        if (attempt.outcome) add_attempt(steps[attempt.kind.step], attempt);
    add_handovers(steps, step_of, receipts);
    std::vector<StepProfile> profiles;
    for (Gathered& step : gathered) {
        step.profile.runtime = spread_of(step.runtimes);
        step.profile.memory_peak = spread_of(step.peaks);
        step.profile.memory_reserved = spread_of(step.reserved);
        std::stable_partition(step.profile.reads.begin(), step.profile.reads.end(),
                              [](const Handover& read) { return !read.step.empty(); });
        profiles.push_back(std::move(step.profile));
    }
    return profiles;
}

}  // namespace plimsoll::profile
