// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/loop/sizing.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "plimsoll/model/split.h"

namespace plimsoll::loop {
namespace {

/// That kind alone, of those that are asked for.
Resources only(ResourceKind kind, const Resources& need) {
    ResourceCounts counts{};
    counts[static_cast<std::size_t>(kind)] = counts_of(need)[static_cast<std::size_t>(kind)];
    return resources_of(counts);
}

/// The first kind that is short, as asked for: "gpu=1".
std::string first_lack(const Resources& need, const Resources& there) {
    const Resources lacking = clamp_to_zero(need - there);
    for (int kind = 0; kind < resource_kind_count; ++kind)
        if (const auto which = static_cast<ResourceKind>(kind); lacking.amount(which) > 0)
            return format(only(which, need));
    return "nothing";
}

}  // namespace

Forecast Sizing::forecast_of(const Step& step) const {
    Features features;
    features.machine = books_.options.machine;
    return books_.edges.forecaster.forecast(step.kind, features, terms(step).of(step));
}

const Sizing::Typical& Sizing::typical_of(const Step& step) {
    const auto [known, is_new] = typical_.try_emplace(&step);
    if (!is_new) return known->second;
    const Forecast forecast = forecast_of(step);
    known->second = {.amounts = {.cpu = {forecast.cpu.bound},
                                 .memory = Bytes{static_cast<std::int64_t>(forecast.memory.bound)},
                                 .gpu = step.request.gpu.value_or(0)},
                     .runtime = from_seconds(forecast.runtime.bound),
                     .takes = from_seconds(forecast.runtime.p50),
                     .leaves = Bytes{std::llround(forecast.transfers.written.value_or(Estimate{}).p50)}};
    return known->second;
}

double Sizing::typical_runtime(const Step& step) const {
    const double known = forecast_of(step).runtime.p50;
    return known > 0 ? known : 1;
}

SizingTerms Sizing::terms(const Step& step) const {
    return {books_.options.may_exceed_request, books_.options.risk, books_.options.memory_headroom,
            books_.queue.shares().within_limits(books_.queue.find(step.queue), books_.edges.capacity.total()),
            books_.options.shape == ShapeMode::full};
}

std::string Sizing::cannot_hold(const Step& step, const Resources& amounts) const {
    const Resources total = books_.edges.capacity.total();
    const Resources in_queue = books_.queue.shares().within_limits(books_.queue.find(step.queue), total);
    const Resources asked{.cpu = step.request.cpu.value_or(Cores{}),
                          .memory = step.request.memory.value_or(Bytes{}),
                          .gpu = step.request.gpu.value_or(0)};
    if (fits(asked, total) && !fits(asked, in_queue))
        return fmt::format("asks for {}, and queue {} may hold {} at most", first_lack(asked, in_queue), step.queue,
                           format(in_queue));
    const bool fits_a_node =
        books_.is_one_machine()  // whose own may be less just now
            ? fits(amounts, total)
            : std::ranges::any_of(books_.nodes, [&](const Node& node) { return fits(amounts, node.capacity); });
    if (fits_a_node) return {};
    return fits(amounts, total)
               ? fmt::format("no node has {}", format(amounts))
               : fmt::format("asks for {}, and this machine has {}", first_lack(amounts, total), format(total));
}

Ask Sizing::ask(const TaskTable::Entry& entry, const Features& features) {
    const Step& step = *entry.task.step;
    const bool is_alike = is_sized_alike(entry.tries);
    if (is_alike && last_ && last_->step == &step && last_->features == features) return last_->ask;
    Ask ask = size_task(entry, features, books_.edges.forecaster, terms(step));
    if (is_alike) last_ = {&step, features, ask};
    return ask;
}

schedule::Divisible Sizing::divisible(TaskId id, const workflow::Freshness& fresh) const {
    const TaskTable::Entry& entry = books_.tasks[id];
    const Step& step = *entry.task.step;
    const SizingTerms how = terms(step);
    const Features whole = fresh.features;
    const Bytes apart = whole.input_bytes - fresh.divisible;  // every part reads that
    schedule::Divisible task{
        .whole_s = {},
        .start_up_s = {},
        .spread = 0,
        .join_s = forecast_of(entry.task.split->joining).runtime.p50,
        .needs =
            [this, &entry, how, whole, apart, cut = fresh.divisible](double share) {
                Features part = whole;
                part.input_bytes = apart + Bytes{static_cast<std::int64_t>(share * static_cast<double>(cut.count))};
                return size_task(entry, part, books_.edges.forecaster, how).amounts;
            },
        .room = how.machine,
        .parts = entry.task.split->rule.parts};
    if (const auto line = books_.edges.forecaster.runtime_line(step.kind, books_.options.machine)) {
        task.whole_s = line->at(static_cast<double>(whole.input_bytes.count));
        if (line->start_up_s) task.start_up_s = line->at(static_cast<double>(apart.count));
        task.spread = line->spread;
    } else if (const double runtime = forecast_of(step).runtime.p50; runtime > 0) {
        task.whole_s = runtime;
    }
    return task;
}

}  // namespace plimsoll::loop
