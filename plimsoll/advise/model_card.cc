// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/advise/model_card.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace plimsoll::advise {
namespace {

constexpr std::size_t tens = 10;          // as many alike as drift is told by
constexpr double least_drift = 1.1;       // less is nobody's concern
constexpr std::size_t least_judged = 10;  // fewer make no share
constexpr double usual_weight = 1;        // the failure weight where nobody says otherwise
constexpr double wide_enough = 1.5;       // inputs closer together say nothing about growth
constexpr double grows_at_least = 1.1;    // over the inputs seen

Features of_input(double bytes) {
    return {.input_bytes = {std::llround(bytes)}, .input_count = 1, .numbers = {}, .machine = {}};
}

double quantile(std::vector<double> values, double share) {
    const auto at = static_cast<std::ptrdiff_t>(std::lround(share * static_cast<double>(values.size() - 1)));
    std::nth_element(values.begin(), values.begin() + at, values.end());
    return values[static_cast<std::size_t>(at)];
}

std::string plural(std::size_t count, std::string_view one) {
    return count == 1 ? fmt::format("1 {}", one) : fmt::format("{} {}s", count, one);
}

std::string growth_in_words(double growth) {
    constexpr double told_in_bytes = 0.01, per_gib = 1024;
    if (growth >= told_in_bytes) return fmt::format("{:.2g} bytes per input byte", growth);
    return fmt::format("{:.2g} MiB per GiB of input", per_gib * growth);
}

std::string in_bytes(double amount) { return format(Bytes{std::llround(amount)}); }

}  // namespace

std::optional<double> CardMaker::Kept::share() const {
    if (judged < least_judged) return std::nullopt;
    return static_cast<double>(held) / static_cast<double>(judged);
}

CardMaker::CardMaker(TaskKind kind) : kind_(std::move(kind)), model_({.curves = false, .transfers = false}) {}

void CardMaker::take(const Observation& observation) {
    const auto peak = static_cast<double>(observation.profile.memory_peak.count);
    const bool tells_peak = observation.ending == Ending::finished && peak > 0;
    stopped_ += observation.ending == Ending::out_of_memory;
    if (tells_peak && model_.samples() > 0) judge(observation, peak);
    if (tells_peak) inputs_.push_back(static_cast<double>(observation.features.input_bytes.count));
    model_.learn(observation);
}

void CardMaker::judge(const Observation& observation, double peak) {
    const Estimate said = model_.memory(observation.features, usual_weight).estimate;
    reservations_.add(said.bound >= peak);
    if (const auto promise = model_.promised_memory(observation.features)) promises_.add(promise->bound >= peak);
    if (drift_) ++drift_->tasks_ago;
    last_off_.push_back(std::log(peak / std::max(1.0, said.p50)));
    if (last_off_.size() > tens) last_off_.pop_front();
    look_for_drift();
}

void CardMaker::look_for_drift() {
    if (last_off_.size() < tens) return;
    const bool all_more = std::ranges::all_of(last_off_, [](double off) { return off > 0; });
    const bool all_less = std::ranges::all_of(last_off_, [](double off) { return off < 0; });
    const double middle = quantile({last_off_.begin(), last_off_.end()}, 0.5);
    if ((all_more || all_less) && std::abs(middle) >= std::log(least_drift)) drift_ = Drift{.factor = std::exp(middle)};
}

/// The slope of what is said between two inputs that lie apart, where it rises.
std::optional<double> CardMaker::growth(double low, double high) const {
    const double at_low = model_.memory(of_input(low), usual_weight).estimate.p50;
    const double at_high = model_.memory(of_input(high), usual_weight).estimate.p50;
    if (at_high < grows_at_least * at_low) return std::nullopt;
    return (at_high - at_low) / (high - low);
}

ModelCard CardMaker::card() const {
    ModelCard card{.kind = kind_, .samples = model_.samples(), .stopped = stopped_};
    card.drift = drift_;
    if (card.samples == 0) return card;
    const Features middle = of_input(quantile(inputs_, 0.5));
    const forecast::KindModel::Memory memory = model_.memory(middle, usual_weight);
    card.typical = memory.estimate.p50;
    card.model = memory.model;
    const double low = quantile(inputs_, 0.1), high = quantile(inputs_, 0.9);
    card.inputs_differ = low > 0 && high >= wide_enough * low;
    if (card.inputs_differ) card.growth = growth(low, high);
    card.promise = model_.promised_memory(middle);
    if (card.promise) card.promise->measured = promises_.share();
    card.held = reservations_.share();
    return card;
}

std::string in_words(const ModelCard& card) {
    std::string name = card.kind.tool.empty() ? card.kind.step : card.kind.tool;
    // "python3 _": the script differs from task to task.
    if (name.ends_with(" _")) name.erase(name.size() - 2);
    if (card.samples == 0) return fmt::format("no finished run of {} yet", name);
    // What was imported has no command line, and the step's own name for its tool.
    const std::string of = name == card.kind.step ? "" : " of " + name;
    std::string text = fmt::format("{}{}; peak ", plural(card.samples, "earlier run"), of);
    if (card.growth) text += "grows " + growth_in_words(*card.growth);
    else text += fmt::format("is about {}{}", in_bytes(card.typical), card.inputs_differ ? ", whatever the input" : "");
    if (card.promise)
        text += fmt::format("; {:g} % stay under {}", 100 * card.promise->stated.value_or(0),
                            in_bytes(card.promise->bound));
    else text += "; too few to promise a bound";
    if (card.promise && card.promise->measured)
        text += fmt::format(", measured {:.1f} %", 100 * *card.promise->measured);
    if (card.drift)
        text += fmt::format("; {} they came to need {:.2g} times as much",
                            card.drift->tasks_ago == 0 ? "lately" : plural(card.drift->tasks_ago, "run") + " ago",
                            card.drift->factor);
    return text;
}

}  // namespace plimsoll::advise
