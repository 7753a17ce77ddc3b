// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/profile/curve.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "plimsoll/base/check.h"

namespace plimsoll::profile {
namespace {

// What fewer segments may cost. Memory is reserved by the curve, cores by their mean, and those of a busy
// thread flicker by a few hundredths from one sample to the next.
constexpr double spared_area = 0.002, spared_cpu_time = 0.05;

double inverse(double number) { return number > 0 ? 1 / number : 0; }
}  // namespace

void Curve::add(const Segment& next) {
    PLIM_CHECK(next.until > end(), "a curve only goes on");
    segments_.push_back(next);
    if (segments_.size() > 1) losses_.push_back(loss_of_merging(segments_.size() - 2));
    largest_memory_ = std::max(largest_memory_, next.memory);
    largest_cpu_ = std::max(largest_cpu_, next.cpu);
    if (segments_.size() > most_kept) merge(cheapest_merge());
}

void Curve::raise(Duration instant, Bytes memory) {
    for (std::size_t at = 0; at < segments_.size(); ++at)
        if (segments_[at].until >= instant) return raise_segment(at, memory);
}

void Curve::raise_largest(Bytes memory) {
    const auto largest = std::max_element(segments_.begin(), segments_.end(),
                                          [](const Segment& a, const Segment& b) { return a.memory < b.memory; });
    raise_segment(static_cast<std::size_t>(largest - segments_.begin()), memory);
}

void Curve::raise_segment(std::size_t at, Bytes memory) {
    segments_[at].memory = std::max(segments_[at].memory, memory);
    largest_memory_ = std::max(largest_memory_, memory);
    if (at > 0) losses_[at - 1] = loss_of_merging(at - 1);
    if (at < losses_.size()) losses_[at] = loss_of_merging(at);
}

std::vector<Segment> Curve::in_few_segments() const {
    Curve fewer = *this;
    double area = 0, cpu_time = 0;
    for (std::size_t at = 0; at < segments_.size(); ++at) {
        area += as_double(segments_[at].memory) * seconds(length(at));
        cpu_time += segments_[at].cpu.count * seconds(length(at));
    }
    Loss lost;
    while (fewer.segments_.size() > 1) {
        const std::size_t cheapest = fewer.cheapest_merge();
        lost.memory += fewer.losses_[cheapest].memory;
        lost.cpu += fewer.losses_[cheapest].cpu;
        const bool costs_little = lost.memory <= spared_area * area && lost.cpu <= spared_cpu_time * cpu_time;
        if (fewer.segments_.size() <= most_segments && !costs_little) break;
        fewer.merge(cheapest);
    }
    return std::move(fewer.segments_);
}

std::size_t Curve::cheapest_merge() const {
    const double per_memory = inverse(as_double(largest_memory_)), per_cpu = inverse(largest_cpu_.count);
    std::size_t cheapest = 0;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t left = 0; left < losses_.size(); ++left) {
        const double lost = losses_[left].memory * per_memory + losses_[left].cpu * per_cpu;
        if (lost >= least) continue;
        least = lost;
        cheapest = left;
    }
    return cheapest;
}

Curve::Loss Curve::loss_of_merging(std::size_t left) const {
    const Segment &a = segments_[left], &b = segments_[left + 1];
    const double a_s = seconds(length(left)), b_s = seconds(length(left + 1));
    const double lower_s = a.memory < b.memory ? a_s : b_s;
    return {.memory = std::abs(as_double(a.memory) - as_double(b.memory)) * lower_s,
            .cpu = 2 * std::abs(a.cpu.count - b.cpu.count) * a_s * b_s / (a_s + b_s)};
}

/// The segment takes the next one's place.
void Curve::merge(std::size_t left) {
    const Segment& gone = segments_[left];
    Segment& stays = segments_[left + 1];
    const double gone_s = seconds(length(left)), stays_s = seconds(length(left + 1));
    stays.memory = std::max(stays.memory, gone.memory);
    stays.cpu.count = (gone.cpu.count * gone_s + stays.cpu.count * stays_s) / (gone_s + stays_s);
    segments_.erase(segments_.begin() + static_cast<std::ptrdiff_t>(left));
    losses_.erase(losses_.begin() + static_cast<std::ptrdiff_t>(left));
    if (left > 0) losses_[left - 1] = loss_of_merging(left - 1);
    if (left < losses_.size()) losses_[left] = loss_of_merging(left);
}

Duration Curve::length(std::size_t at) const {
    return segments_[at].until - (at == 0 ? Duration::zero() : segments_[at - 1].until);
}

}  // namespace plimsoll::profile
