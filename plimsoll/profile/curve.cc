// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/profile/curve.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "plimsoll/base/check.h"

namespace plimsoll::profile {
namespace {

double share(double part, double whole) { return whole > 0 ? part / whole : 0; }

}  // namespace

void Curve::add(const Segment& next) {
    PLIM_CHECK(next.until > end(), "a curve only goes on");
    if (segments_.empty()) segments_.reserve(most_segments + 1);
    segments_.push_back(next);
    largest_memory_ = std::max(largest_memory_, next.memory);
    largest_cpu_ = std::max(largest_cpu_, next.cpu);
    if (segments_.size() > most_segments) merge_cheapest();
}

void Curve::raise(Duration instant, Bytes memory) {
    for (Segment& segment : segments_) {
        if (segment.until < instant) continue;
        segment.memory = std::max(segment.memory, memory);
        largest_memory_ = std::max(largest_memory_, memory);
        return;
    }
}

void Curve::merge_cheapest() {
    std::size_t cheapest = 0;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t left = 0; left + 1 < segments_.size(); ++left) {
        const double loss = loss_of_merging(left);
        if (loss < least) {
            least = loss;
            cheapest = left;
        }
    }
    const double left = seconds(length(cheapest)), right = seconds(length(cheapest + 1));
    Segment& merged = segments_[cheapest + 1];
    merged.memory = std::max(merged.memory, segments_[cheapest].memory);
    merged.cpu.count = (segments_[cheapest].cpu.count * left + merged.cpu.count * right) / (left + right);
    segments_.erase(segments_.begin() + static_cast<std::ptrdiff_t>(cheapest));
}

double Curve::loss_of_merging(std::size_t left) const {
    const Segment &a = segments_[left], &b = segments_[left + 1];
    const double a_s = seconds(length(left)), b_s = seconds(length(left + 1));
    const double lower_s = a.memory < b.memory ? a_s : b_s;
    const double memory = std::abs(static_cast<double>(a.memory.count - b.memory.count)) * lower_s;
    const double cpu = 2 * std::abs(a.cpu.count - b.cpu.count) * a_s * b_s / (a_s + b_s);
    return share(memory, static_cast<double>(largest_memory_.count)) + share(cpu, largest_cpu_.count);
}

Duration Curve::length(std::size_t at) const {
    return segments_[at].until - (at == 0 ? Duration::zero() : segments_[at - 1].until);
}

}  // namespace plimsoll::profile
