// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/report/samples.h"

#include <algorithm>

namespace plimsoll::report {
namespace {

constexpr std::size_t segments_of_sample = 48;

}  // namespace

std::vector<Segment> in_few(std::span<const Segment> segments, std::size_t most) {
    if (segments.size() <= most) return {segments.begin(), segments.end()};
    const Duration end = segments.back().until;
    std::vector<Segment> few;
    std::size_t at = 0;
    for (std::size_t part = 1; part <= most; ++part) {
        const Duration from = few.empty() ? Duration{} : few.back().until;
        const Duration until =
            part == most ? end : end * static_cast<Duration::rep>(part) / static_cast<Duration::rep>(most);
        Segment merged{.until = until};
        Duration begin = from;
        while (begin < until) {
            const Segment& segment = segments[at];
            const Duration stop = std::min(segment.until, until);
            merged.memory = std::max(merged.memory, segment.memory);
            merged.cpu += segment.cpu * (seconds(stop - begin) / seconds(until - from));
            begin = stop;
            if (segment.until <= until && at + 1 < segments.size()) ++at;
        }
        few.push_back(merged);
    }
    return few;
}

std::vector<Sample> samples_of(std::span<const AttemptRecord> attempts, std::span<const std::size_t> places,
                               std::size_t most) {
    std::vector<std::size_t> known;
    for (const std::size_t at : places) {
        const AttemptRecord& attempt = attempts[at];
        if (attempt.outcome && attempt.outcome->ending == Ending::finished && !attempt.profile.segments.empty())
            known.push_back(at);
    }
    std::ranges::sort(known, {}, [&](std::size_t at) { return std::pair(attempts[at].profile.memory_peak, at); });
    std::vector<Sample> samples;
    const std::size_t count = std::min(most, known.size());
    for (std::size_t one = 0; one < count; ++one) {
        const std::size_t at = count == 1 ? known.back() : known[one * (known.size() - 1) / (count - 1)];
        samples.push_back({at, in_few(attempts[at].profile.segments, segments_of_sample)});
    }
    return samples;
}

}  // namespace plimsoll::report
