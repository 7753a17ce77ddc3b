// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/advise/advice.h"

#include <algorithm>
#include <cmath>

#include "plimsoll/forecast/forecaster.h"

namespace plimsoll::advise {
namespace {

using history::PastAttempt;

constexpr double byte_seconds_per_gbh = 1e9 * 3600;
constexpr double cores_share = 0.9;  ///< of tasks that keep no more cores busy than are advised
constexpr double core_slack = 0.05;  ///< a core kept busy for a twentieth is none to ask for
constexpr std::size_t requests_kept = 64;

double bytes_of(Bytes amount) { return static_cast<double>(amount.count); }

/// What it was stopped at: what it had, or what was seen where that was more.
double limit_of(const PastAttempt& past) {
    return bytes_of(std::max(past.request.memory.value_or(Bytes{}), past.memory_peak));
}

/// What a task of this peak would have wasted, held to `first` and then to twice as much until it fits.
double waste(double first, double peak, double runtime_s) {
    double wasted = 0;
    for (; first < peak; first *= 2) wasted += first * runtime_s;
    return (wasted + (first - peak) * runtime_s) / byte_seconds_per_gbh;
}

}  // namespace

Bytes rounded_request(double bytes) {
    const double least = std::max(bytes, bytes_of(forecast::least_memory));
    const double step = std::max(0x1p20, std::exp2(std::floor(std::log2(least)) - 4));
    return Bytes{static_cast<std::int64_t>(std::ceil(least / step) * step)};
}

Duration rounded_request(Duration time) {
    using namespace std::chrono;
    const Duration step = time > 24h ? Duration(1h) : time > 1h ? Duration(5min) : Duration(1min);
    return std::max<Duration>(step, (time + step - Duration(1)) / step * step);
}

template <class Amount>
void KindAdviser::Requests<Amount>::add(const std::optional<Amount>& amount) {
    if (amount && (count.size() < requests_kept || count.contains(*amount))) ++count[*amount];
}

template <class Amount>
std::optional<Amount> KindAdviser::Requests<Amount>::most_common() const {
    const auto most =
        std::max_element(count.begin(), count.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    return most == count.end() ? std::nullopt : std::optional(most->first);
}

KindAdviser::KindAdviser(TaskKind kind, const AdviceOptions& options)
    : options_(options),
      memory_need_(options.stay_under, options.risk),
      cores_({.probability = cores_share, .by_input = false}) {
    so_far_.kind = std::move(kind);
}

void KindAdviser::learn(const PastAttempt& past) {
    settle(past);
    ++so_far_.attempts;
    memory_requests_.add(past.request.memory);
    time_requests_.add(past.request.time);
    cpu_requests_.add(past.request.cpu);
    machine_ = past.machine;
    replay_memory(past);
    replay_time(past);
    before_ = past;
    if (past.ending != Ending::finished || past.cpu <= Duration::zero() || past.runtime <= Duration::zero()) return;
    cores_.learn(0, seconds(past.cpu) / seconds(past.runtime));
    if (!past.request.cpu) return;
    cpu_.requested_ch += past.request.cpu->count * seconds(past.runtime) / 3600;
    cpu_.used_ch += seconds(past.cpu) / 3600;
}

/// A task that is tried again tells by its next try what it needs: that it was stopped before says no more.
void KindAdviser::settle(const PastAttempt& past) {
    if (!before_ || before_->run != past.run || before_->id.task != past.id.task) return;
    if (before_->ending == Ending::out_of_memory) memory_need_.forget_stop(limit_of(*before_));
    const auto time = time_need_.find(before_->machine);
    if (before_->ending == Ending::timeout && time != time_need_.end())
        time->second.forget_stop(seconds(before_->runtime));
}

void KindAdviser::replay_memory(const PastAttempt& past) {
    const auto bound = memory_need_.bound();
    const double advised = bound ? bytes_of(rounded_request(bound->amount)) : 0;
    if (past.ending == Ending::out_of_memory) return replay_stop(past, advised);
    if (past.ending != Ending::finished) return;
    ++so_far_.finished;
    if (past.memory_peak <= Bytes{}) return;
    const double runtime_s = seconds(past.runtime), peak = bytes_of(past.memory_peak);
    memory_.largest = std::max(memory_.largest, past.memory_peak);
    memory_.replayed.tasks += bound.has_value();
    memory_.replayed.failed += bound && advised < peak;
    if (past.request.memory) {
        const double request = bytes_of(*past.request.memory);
        const double wasted = std::max(0.0, request - peak) * runtime_s / byte_seconds_per_gbh;
        memory_.requested_gbh += request * runtime_s / byte_seconds_per_gbh;
        memory_.used_gbh += peak * runtime_s / byte_seconds_per_gbh;
        memory_.wasted_gbh += wasted;
        memory_.advised_wasted_gbh += bound ? waste(advised, peak, runtime_s) : wasted;
    }
    memory_need_.finished(peak, std::max(runtime_s, 1e-3));
}

/// `advised`: bytes; 0 is no advice.
void KindAdviser::replay_stop(const PastAttempt& past, double advised) {
    ++so_far_.out_of_memory;
    const double limit = limit_of(past);
    const double hours = seconds(past.runtime) / byte_seconds_per_gbh;
    if (past.request.memory) memory_.requested_gbh += limit * hours, memory_.wasted_gbh += limit * hours;
    const bool fails = advised > 0 && advised <= limit;
    memory_.replayed.tasks += fails;
    memory_.replayed.failed += fails;
    memory_.replayed.unknown += advised > limit;
    if (past.request.memory && advised <= limit) memory_.advised_wasted_gbh += (fails ? advised : limit) * hours;
    memory_need_.stopped(limit);
}

void KindAdviser::replay_time(const PastAttempt& past) {
    const bool stopped = past.ending == Ending::timeout;
    if ((!stopped && past.ending != Ending::finished) || past.runtime <= Duration::zero()) return;
    NeedBound& need = time_need_.try_emplace(past.machine, options_.stay_under, std::nullopt).first->second;
    const auto bound = need.bound();
    const Duration advised = bound ? rounded_request(from_seconds(bound->amount)) : Duration{};
    if (stopped) {
        ++so_far_.timeout;
        if (bound && advised <= past.runtime) ++time_.replayed.tasks, ++time_.replayed.failed;
        else if (bound) ++time_.replayed.unknown;
        return need.stopped(seconds(past.runtime));
    }
    if (bound) {
        ++time_.replayed.tasks;
        time_.replayed.failed += advised < past.runtime;
    }
    time_.largest = std::max(time_.largest, past.runtime);
    need.finished(seconds(past.runtime), 1);
}

KindAdvice KindAdviser::advice() const {
    KindAdvice advice = so_far_;
    if (const auto bound = memory_need_.bound()) {
        advice.memory = memory_;
        advice.memory->requested = memory_requests_.most_common();
        if (memory_need_.samples() > 0) advice.memory->typical = Bytes{std::llround(memory_need_.typical())};
        advice.memory->advised = rounded_request(bound->amount);
        advice.memory->promised = bound->promised;
    }
    const auto time = time_need_.find(machine_);
    if (const auto bound = time == time_need_.end() ? std::nullopt : time->second.bound()) {
        advice.time = time_;
        advice.time->requested = time_requests_.most_common();
        if (time->second.samples() > 0) advice.time->typical = from_seconds(time->second.typical());
        advice.time->advised = rounded_request(from_seconds(bound->amount));
        advice.time->promised = bound->promised;
    }
    if (cores_.samples() == 0) return advice;
    advice.cpu = cpu_;
    advice.cpu->requested = cpu_requests_.most_common();
    const Estimate cores = cores_.estimate(0);
    advice.cpu->typical = cores.p50;
    advice.cpu->advised = std::max(1.0, std::ceil(cores.bound - core_slack));
    if (advice.cpu->requested)
        advice.cpu->advised = std::min(advice.cpu->advised, std::ceil(advice.cpu->requested->count));
    return advice;
}

Result<std::vector<KindAdvice>> advise(const history::Database& history, const history::PastFilter& filter,
                                       const AdviceOptions& options) {
    std::vector<KindAdvice> all;
    std::optional<KindAdviser> adviser;
    const TaskKind* last = nullptr;
    TaskKind current;
    const auto take = [&](const TaskKind& kind, const PastAttempt& past) -> Result<void> {
        if (!last || current != kind) {
            if (adviser) all.push_back(adviser->advice());
            current = kind;
            last = &current;
            adviser.emplace(kind, options);
        }
        adviser->learn(past);
        return {};
    };
    PLIM_TRY(history.each_past_attempt(filter, take));
    if (adviser) all.push_back(adviser->advice());
    const auto wasted = [](const KindAdvice& one) { return one.memory ? one.memory->wasted_gbh : -1; };
    std::stable_sort(all.begin(), all.end(),
                     [&](const KindAdvice& a, const KindAdvice& b) { return wasted(a) > wasted(b); });
    return all;
}

}  // namespace plimsoll::advise
