// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/kind_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>
#include <vector>

#include "plimsoll/base/hash.h"

namespace plimsoll::forecast {
namespace {

constexpr std::size_t repeats_most = 400;
constexpr int repeats_looked_at = 3;
constexpr double repeat_floor = 1.05;       ///< above the peak of a task with the same features
constexpr double repeat_room = 0.10;        ///< above it where it came out alike at least twice, at a weight of 1
constexpr double repeat_spread = 1.10;      ///< largest / smallest that counts as alike
constexpr double promised = 0.95;           ///< with which the promised bound holds
constexpr std::size_t promise_warm_up = 5;  ///< instances before a line is told from a median
constexpr std::size_t others_least = 3;     ///< one or two instances of other workflows are an anecdote
constexpr double others_agree = 0.75;
constexpr std::size_t flat_least = 20;  ///< instances from which it can be told that ...
constexpr double flat_exponent = 0.1;   ///< ... twice the input needs 7 % more at most: any input is like those seen
constexpr std::size_t coverage_sparse = 64;  ///< instances from which not each one's bound is counted
constexpr double coverage_weight = 1;        ///< the failure weight whose bounds are counted
constexpr double after_timeout = 2;          ///< a stopped attempt is taken to need twice its time

double input_of(const Features& features) { return static_cast<double>(features.input_bytes.count); }

/// Tells equal features from others; nothing when the features tell nothing apart.
std::optional<std::uint64_t> fingerprint(const Features& features) {
    if (features.input_bytes.count == 0 && features.numbers.empty()) return std::nullopt;
    Hasher hasher;
    const auto add = [&](auto value) {
        char bytes[sizeof value];
        std::memcpy(bytes, &value, sizeof value);
        hasher.add_raw({bytes, sizeof bytes});
    };
    add(features.input_bytes.count);
    add(features.input_count);
    for (const auto& [name, value] : features.numbers) {
        hasher.add_field(name);
        add(value);
    }
    return hasher.digest().low;
}

/// The cores it would have kept busy alone. Time spent waiting for a core (PSI) counts as wanted, up to
/// the next whole core: else tasks that had to share look smaller, are packed tighter, and share more.
double wanted_cores(const Profile& profile) {
    const double runtime_s = seconds(profile.runtime);
    const double busy = seconds(profile.cpu) / runtime_s;
    return std::min(busy + seconds(profile.cpu_stall) / runtime_s, std::max(busy, std::ceil(busy)));
}

}  // namespace

KindModel::KindModel(const Options& options)
    : options_(options),
      memory_(1, options.constants),
      promised_memory_({.probability = promised, .by_input = true, .warm_up = promise_warm_up}),
      cores_({.probability = 0.9, .by_input = false}) {}

void KindModel::learn(const Observation& observation, Choosing when) {
    const double x = input_of(observation.features);
    const auto peak = static_cast<double>(observation.profile.memory_peak.count);
    switch (observation.ending) {
        case Ending::finished: return learn_finished(observation, when);
        case Ending::out_of_memory:
            return memory_stops_.stopped(x, std::max(peak, static_cast<double>(observation.reserved_memory.count)));
        case Ending::timeout:
            return runtime_on(observation.features.machine).stops.stopped(x, seconds(observation.profile.runtime));
        case Ending::preempted:
            memory_cut_short_.stopped(x, peak);
            return runtime_on(observation.features.machine).cut_short.stopped(x, seconds(observation.profile.runtime));
        default: return;
    }
}

void KindModel::learn_finished(const Observation& observation, Choosing when) {
    const double x = input_of(observation.features);
    const double runtime_s = std::max(1e-3, seconds(observation.profile.runtime));
    const auto peak = static_cast<double>(observation.profile.memory_peak.count);
    if (peak > 0) {
        if (options_.promises) learn_promises(observation.features, peak);
        memory_.learn({.x = x, .y = peak, .runtime_s = runtime_s});
        memory_stops_.finished(x);
        memory_cut_short_.finished(x);
        if (const auto key = fingerprint(observation.features)) repeats_.push_back({*key, peak});
        if (repeats_.size() > repeats_most) repeats_.pop_front();
    }
    if (observation.profile.cpu > Duration::zero() && observation.profile.runtime > Duration::zero())
        cores_.learn(x, wanted_cores(observation.profile));
    if (options_.transfers) learn_transfers(x, observation.profile);
    Runtime& runtime = runtime_on(observation.features.machine);
    runtime.model.learn(x, runtime_s);
    if (options_.curves) runtime.curve.learn(x, observation.profile, runtime.model, when);
    runtime.stops.finished(x);
    runtime.cut_short.finished(x);
}

void KindModel::learn_transfers(double x, const Profile& profile) {
    read_.learn(x, static_cast<double>(profile.read_bytes.count));
    written_.learn(x, static_cast<double>(profile.write_bytes.count));
    received_.learn(x, static_cast<double>(profile.network_in.count));
    sent_.learn(x, static_cast<double>(profile.network_out.count));
}

void KindModel::choose_if_due() {
    if (options_.curves)
        for (auto& [machine, runtime] : runtimes_) runtime.curve.choose_if_due(runtime.model);
}

void KindModel::learn_promises(const Features& features, double peak) {
    // With a full window the share moves little from one to the next: every fourth says as much.
    if (samples() > 0 && (samples() < coverage_sparse || ++seen_ % 4 == 0))
        memory_coverage_.add(memory(features, coverage_weight).estimate.bound >= peak);
    promised_memory_.learn(input_of(features), peak);
}

KindModel::Memory KindModel::memory(const Features& features, double failure_weight) const {
    const double x = input_of(features);
    const PeakModel::Choice choice = memory_.choose(x, failure_weight);
    Memory memory{.estimate = {.p50 = choice.word, .bound = choice.bound, .stated = {}, .measured = {}},
                  .model = fmt::format("replayed-cost({} x {:.3g})", name_of(choice.predictor), choice.factor)};
    const auto set_bound = [&](double bound, double typical, std::string model) {
        memory.estimate.bound = bound;
        memory.estimate.p50 = std::min(bound, typical);
        memory.model = std::move(model);
    };
    const Repeated same = repeated(features);
    const double repeat_factor = 1 + repeat_room * std::max(1.0, failure_weight);
    if (same.count >= 2 && same.largest <= repeat_spread * same.smallest)
        set_bound(repeat_factor * same.largest, same.largest, fmt::format("same input x {:.3g}", repeat_factor));
    else if (repeat_floor * same.largest > memory.estimate.bound)
        set_bound(repeat_floor * same.largest, same.largest, fmt::format("same input x {:.3g}", repeat_floor));
    const std::optional<double> stopped = memory_stops_.floor(x);
    if (stopped && memory_.retry(*stopped, 1) > memory.estimate.bound)
        set_bound(memory_.retry(*stopped, 1), *stopped, "more than what ran out of memory");
    const std::optional<double> used = memory_cut_short_.floor(x);
    if (used && repeat_floor * *used > memory.estimate.bound)
        set_bound(repeat_floor * *used, *used, "more than what was used when it made room");
    if (failure_weight == coverage_weight) memory.estimate.measured = memory_coverage_.share();
    memory.estimate.p50 = std::min(memory.estimate.p50, memory.estimate.bound);
    return memory;
}

std::optional<Estimate> KindModel::promised_memory(const Features& features) const {
    if (samples() == 0) return std::nullopt;
    const double x = input_of(features);
    const Estimate estimate = promised_memory_.estimate(x);
    return estimate.stated && estimate.bound > least_need(features) ? std::optional(estimate) : std::nullopt;
}

double KindModel::least_need(const Features& features) const {
    const double x = input_of(features);
    return std::max(memory_stops_.floor(x).value_or(0), memory_cut_short_.floor(x).value_or(0));
}

bool KindModel::speaks_for(const Features& features) const {
    if (samples() < others_least) return false;
    const double x = input_of(features);
    const PeakModel::Choice choice = memory_.choose(x, coverage_weight);
    const bool any_size = samples() >= flat_least && memory_.window().power().exponent < flat_exponent;
    return (any_size || memory_.window().spans(x)) && memory_.agreement(choice.predictor).value_or(0) >= others_agree;
}

KindModel::Repeated KindModel::repeated(const Features& features) const {
    Repeated same;
    const std::optional<std::uint64_t> key = fingerprint(features);
    if (!key) return same;
    for (auto at = repeats_.rbegin(); at != repeats_.rend() && same.count < repeats_looked_at; ++at) {
        if (at->features != *key) continue;
        same.smallest = same.count == 0 ? at->peak : std::min(same.smallest, at->peak);
        same.largest = std::max(same.largest, at->peak);
        ++same.count;
    }
    return same;
}

std::optional<Estimate> KindModel::cores() const {
    if (cores_.samples() == 0) return std::nullopt;
    return cores_.estimate(0);
}

std::optional<Estimate> KindModel::runtime(const Features& features) const {
    const auto found = runtimes_.find(features.machine);
    if (found == runtimes_.end()) return std::nullopt;
    const double x = input_of(features);
    const auto& [model, stops, cut_short, curve] = found->second;
    const double stopped = stops.floor(x).value_or(0), ran = cut_short.floor(x).value_or(0);
    const double least = std::max(stopped, ran), least_bound = std::max(after_timeout * stopped, ran);
    if (model.samples() == 0 && least == 0) return std::nullopt;
    const Estimate estimate = model.samples() > 0 ? model.estimate(x) : Estimate{};
    if (least_bound <= estimate.bound) return estimate;
    return Estimate{.p50 = std::max(estimate.p50, least), .bound = least_bound, .stated = {}, .measured = {}};
}

Transfers KindModel::transfers(const Features& features) const {
    const double x = input_of(features);
    return {.read = read_.estimate(x),
            .written = written_.estimate(x),
            .received = received_.estimate(x),
            .sent = sent_.estimate(x)};
}

std::optional<RuntimeLine> KindModel::runtime_line(const std::string& machine) const {
    const auto found = runtimes_.find(machine);
    if (found == runtimes_.end()) return std::nullopt;
    std::vector<InputRuntime> attempts;
    for (const QuantityModel::Point& point : found->second.model.points()) attempts.push_back({point.x, point.y});
    return forecast::runtime_line(std::move(attempts));
}

TaskCurve KindModel::curve(const Features& features, double expected_s, double peak, const Overrun& overrun) const {
    const auto found = runtimes_.find(features.machine);
    return found == runtimes_.end()
               ? TaskCurve{}
               : found->second.curve.curve(found->second.model,
                                           {.x = input_of(features), .expected_s = expected_s, .peak = peak}, overrun);
}

KindModel::Runtime& KindModel::runtime_on(const std::string& machine) {
    const auto found = runtimes_.find(machine);
    if (found != runtimes_.end()) return found->second;
    return runtimes_
        .emplace(machine, Runtime{QuantityModel({.probability = 0.95, .by_input = true}),
                                  {},
                                  {},
                                  CurveModel(options_.background, options_.overrun)})
        .first->second;
}

}  // namespace plimsoll::forecast
