// SPDX-License-Identifier: Apache-2.0
// What a group holds is summed up over time once, so that each wait costs two searches a holder.
#include "plimsoll/report/waits.h"

#include <algorithm>
#include <map>

namespace plimsoll::report {
namespace {

/// Holders beyond these, by what they held over the whole run, are not looked for: a page cannot name more.
constexpr std::size_t holders_most = 32;
constexpr double least_share = 0.01;

/// Amount x seconds.
struct Area {
    double memory = 0, cpu = 0;
};

/// What a group held from the start of the run on.
class HeldUntil {
public:
    void add(const Stretch& held) {
        steps_.push_back({held.span.from, {held.memory, held.cpu}, {}});
        steps_.push_back({held.span.until, {-held.memory, -held.cpu}, {}});
    }
    /// Once all are added: rates and areas at each step.
    void seal() {
        std::ranges::sort(steps_, {}, &Step::at);
        for (std::size_t at = 1; at < steps_.size(); ++at) {
            steps_[at].area = area_at(steps_[at - 1], steps_[at].at);
            steps_[at].rate.memory += steps_[at - 1].rate.memory;
            steps_[at].rate.cpu += steps_[at - 1].rate.cpu;
        }
    }
    Area until(Duration when) const {
        const auto after = std::ranges::upper_bound(steps_, when, {}, &Step::at);
        return after == steps_.begin() ? Area{} : area_at(*std::prev(after), when);
    }
    Area whole() const { return steps_.empty() ? Area{} : steps_.back().area; }

private:
    struct Step {
        Duration at{};
        Area rate, area;
    };
    static Area area_at(const Step& step, Duration when) {
        const double span = seconds(when - step.at);
        return {step.area.memory + step.rate.memory * span, step.area.cpu + step.rate.cpu * span};
    }
    std::vector<Step> steps_;
};

struct Holding {
    std::string group;
    HeldUntil held;
    double size = 0;  ///< shares of the machine x seconds, over the whole run
};

double share_of(double amount, double all) { return all > 0 ? amount / all : 0; }

std::vector<Holding> holdings(std::span<const AttemptTimes> times, std::span<const std::string> groups,
                              const Resources& capacity) {
    std::map<std::string, HeldUntil> of;
    for (std::size_t at = 0; at < times.size(); ++at)
        for (const Stretch& held : times[at].reserved) of[groups[at]].add(held);
    std::vector<Holding> all;
    for (auto& [group, held] : of) {
        held.seal();
        const Area whole = held.whole();
        const double size = std::max(share_of(whole.memory, static_cast<double>(capacity.memory.count)),
                                     share_of(whole.cpu, capacity.cpu.count));
        all.push_back({group, std::move(held), size});
    }
    std::ranges::stable_sort(all, std::greater<>(), &Holding::size);
    if (all.size() > holders_most) all.resize(holders_most);
    return all;
}

/// Share x seconds of what was short that a holder held over a wait.
double held_over(const Holding& holder, const Span& wait, bool lacks_memory, const Resources& capacity) {
    const Area from = holder.held.until(wait.from), until = holder.held.until(wait.until);
    return lacks_memory ? share_of(until.memory - from.memory, static_cast<double>(capacity.memory.count))
                        : share_of(until.cpu - from.cpu, capacity.cpu.count);
}

struct Sum {
    Waits told;
    std::map<std::string, Duration> lacks;
    std::vector<double> held;  ///< of each holder, share x seconds
};

void finish(Sum& sum, const std::vector<Holding>& holders) {
    Waits& told = sum.told;
    told.lacks.assign(sum.lacks.begin(), sum.lacks.end());
    std::ranges::stable_sort(told.lacks, std::greater<>(), &std::pair<std::string, Duration>::second);
    for (std::size_t at = 0; at < holders.size(); ++at)
        if (const double share = sum.held[at] / seconds(told.total); share >= least_share)
            told.holders.push_back({holders[at].group, share});
    std::ranges::stable_sort(told.holders, std::greater<>(), &Waits::Holder::share);
}

}  // namespace

std::vector<Waits> waits_of(std::span<const AttemptRecord> attempts, std::span<const AttemptTimes> times,
                            std::span<const std::string> groups, const Resources& capacity) {
    const std::vector<Holding> holders = holdings(times, groups, capacity);
    std::map<std::string, Sum> sums;
    for (std::size_t at = 0; at < attempts.size(); ++at) {
        if (!times[at].ready) continue;
        const Span wait{*times[at].ready, times[at].run.from};
        const Duration length = wait.until - wait.from;
        if (length < shortest_wait) continue;
        Sum& sum = sums[groups[at]];
        sum.told.group = groups[at];
        ++sum.told.attempts;
        sum.told.total += length;
        sum.told.longest = std::max(sum.told.longest, length);
        const std::string& lack = attempts[at].wait->lack;
        sum.lacks[lack] += length;
        sum.held.resize(holders.size());
        for (std::size_t holder = 0; holder < holders.size(); ++holder)
            sum.held[holder] += held_over(holders[holder], wait, lack == "memory", capacity);
    }
    std::vector<Waits> all;
    for (auto& [group, sum] : sums) {
        finish(sum, holders);
        all.push_back(std::move(sum.told));
    }
    std::ranges::stable_sort(all, std::greater<>(), &Waits::total);
    return all;
}

}  // namespace plimsoll::report
