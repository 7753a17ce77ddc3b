// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/shaped_curve.h"

#include <algorithm>
#include <cmath>

#include "plimsoll/forecast/curve_replay.h"

namespace plimsoll::forecast {
namespace {

constexpr double least_saved = 0.04;  ///< of bound x time: less is not worth a calendar with steps in it

/// The mean of the segments' memory over time.
double mean_memory(const std::vector<Segment>& segments) {
    double area = 0, from_s = 0;
    for (const Segment& segment : segments) {
        area += static_cast<double>(segment.memory.count) * (seconds(segment.until) - from_s);
        from_s = seconds(segment.until);
    }
    return area / from_s;
}

}  // namespace

std::vector<Segment> shaped_curve(const std::vector<CurvePart>& parts, double learnt, const Forecast& forecast,
                                  const Terms& terms) {
    const Bytes bound{std::llround(forecast.memory.bound)};
    const Cores cores{forecast.cpu.bound};
    std::vector<Segment> segments;
    for (const CurvePart& part : parts) {
        const Bytes needed = Bytes{std::llround(part.memory * learnt)} + terms.memory_headroom;
        const Segment segment{.until = from_seconds(part.until_s),
                              .memory = std::min(bound, within_machine(needed, terms)),
                              .cpu = std::min(cores, within_machine(cores * part.cores, terms))};
        if (!segments.empty() && segments.back().memory == segment.memory && segments.back().cpu == segment.cpu)
            segments.back().until = segment.until;
        else segments.push_back(segment);
    }
    if (segments.empty() || mean_memory(segments) > (1 - least_saved) * forecast.memory.bound) return {};
    return segments;
}

std::vector<Segment> raised_curve(const std::vector<Segment>& curve, Duration failed_after, Bytes memory) {
    const Duration from = from_seconds((1 - raised_sooner) * seconds(failed_after));
    std::vector<Segment> raised;
    for (const Segment& segment : curve) {
        const bool is_last = &segment == &curve.back();
        const Duration before = raised.empty() ? Duration{} : raised.back().until;
        // The last one holds on, however much longer it takes.
        const Duration until = is_last ? std::max(segment.until, from + std::chrono::seconds(1)) : segment.until;
        if (before < from && from < until)
            raised.push_back({.until = from, .memory = segment.memory, .cpu = segment.cpu});
        Segment next = segment;
        next.until = until;
        if (until > from) next.memory = std::max(segment.memory, memory);
        raised.push_back(next);
    }
    return raised;
}

}  // namespace plimsoll::forecast
