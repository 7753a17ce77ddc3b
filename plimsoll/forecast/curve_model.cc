// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/curve_model.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace plimsoll::forecast {
namespace {

constexpr std::size_t runs_most = 24;  ///< how a kind goes changes seldom; an overlay of these takes some microseconds
constexpr double negligible = 0.02;    ///< of peak x runtime: what a part saves at least
constexpr double widened_share = 0.1;  ///< of the runtime, on either side of a phase
constexpr double widened_least_s = 0.5;  ///< a few samples at 10 Hz, and the time a limit takes to follow
constexpr double shortest_shaped_s = 1;  ///< nothing is to be had by lending memory for less

/// Neighbours with the least area between them become one, at the larger memory, until few are left and each is
/// worth a change of limits.
void merge(std::vector<CurvePart>& parts, std::size_t most) {
    const auto length = [&](std::size_t at) { return parts[at].until_s - (at == 0 ? 0 : parts[at - 1].until_s); };
    const auto added = [&](std::size_t left) {
        const double rise = parts[left + 1].memory - parts[left].memory;
        return rise > 0 ? rise * length(left) : -rise * length(left + 1);
    };
    while (parts.size() > 1) {
        std::size_t cheapest = 0;
        for (std::size_t at = 1; at + 1 < parts.size(); ++at)
            if (added(at) < added(cheapest)) cheapest = at;
        if (parts.size() <= most && added(cheapest) > negligible * parts.back().until_s) return;
        CurvePart& left = parts[cheapest];
        const CurvePart& right = parts[cheapest + 1];
        const double before = length(cheapest), after = length(cheapest + 1);
        left = {.until_s = right.until_s,
                .memory = std::max(left.memory, right.memory),
                .cores = (left.cores * before + right.cores * after) / (before + after)};
        parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(cheapest) + 1);
    }
}

/// As shares of the largest; gives the mean over time.
double scale(std::vector<CurvePart>& parts) {
    double largest = 0, area = 0, from_s = 0;
    for (const CurvePart& part : parts) largest = std::max(largest, part.memory);
    if (largest <= 0) return 1;
    for (CurvePart& part : parts) {
        part.memory /= largest;
        area += part.memory * (part.until_s - std::exchange(from_s, part.until_s));
    }
    return area / from_s;
}

}  // namespace

/// Lays runs over each other on one axis. Its inner loops go over all cells, so that a compiler can do four at once.
class CurveModel::Gathering {
public:
    /// `above`: the share of the runs that may be above the overlay at any time.
    Gathering(double above, std::size_t runs)
        : above_(above), memory_(left_out(runs) + 1), cores_(left_out(runs) + 1) {}
    void add(const Run& run, double axis_s) {
        const double cells_per_s = cells / axis_s;
        Cells memory{}, cores{};
        double from = 0;
        for (std::size_t part = 0; part < cells; ++part) {
            const double until = run.runtime_s * cells_per_s * static_cast<double>(part + 1) / cells;
            const std::size_t last = cell_of(std::ceil(until) - 1);
            for (std::size_t at = cell_of(from); at <= last; ++at) {
                memory[at] = std::max(memory[at], run.memory[part]);
                cores[at] = std::max(cores[at], run.cores[part]);
            }
            from = until;
        }
        const double widened_s = std::max(widened_share * run.runtime_s, widened_least_s);
        memory = widened(memory, cell_of(std::ceil(widened_s * cells_per_s)));
        const std::size_t end = cell_of(std::ceil(run.runtime_s * cells_per_s) - 1) + 1;
        std::fill(memory.begin() + static_cast<std::ptrdiff_t>(end), memory.end(), 0.0F);
        for (std::size_t at = 0; at < end; ++at) ++going_[at];
        insert(memory_, memory);
        insert(cores_, cores);
    }
    /// Where too few are left going to say much, what was held before is not given back.
    Overlay take() const {
        Overlay overlay;
        for (std::size_t at = 0; at < cells; ++at) {
            const std::size_t rank = left_out(going_[at]);
            overlay.memory[at] = memory_[rank][at];
            overlay.cores[at] = cores_[rank][at];
            if (at == 0 || going_[at] >= least_runs) continue;
            overlay.memory[at] = std::max(overlay.memory[at], overlay.memory[at - 1]);
            overlay.cores[at] = std::max(overlay.cores[at], overlay.cores[at - 1]);
        }
        return overlay;
    }

private:
    using Largest = std::vector<Cells>;  ///< in each cell, descending
    std::size_t left_out(std::size_t runs) const {
        return static_cast<std::size_t>(above_ * static_cast<double>(runs));
    }

    /// The last cell stands for all that comes later.
    static std::size_t cell_of(double position) {
        return static_cast<std::size_t>(std::clamp(position, 0.0, static_cast<double>(cells - 1)));
    }
    /// In each cell the largest of those at most so far away.
    static Cells widened(const Cells& line, std::size_t by) {
        std::array<float, 3 * cells> padded{};
        std::copy(line.begin(), line.end(), padded.begin() + cells);
        Cells wide = line;
        for (std::size_t shift = 1; shift <= by; ++shift) {
            const float *before = padded.data() + cells - shift, *after = padded.data() + cells + shift;
            for (std::size_t at = 0; at < cells; ++at) wide[at] = std::max(wide[at], std::max(before[at], after[at]));
        }
        return wide;
    }
    static void insert(Largest& largest, Cells line) {
        for (Cells& rank : largest) {
            for (std::size_t at = 0; at < cells; ++at) {
                const float more = std::max(rank[at], line[at]), less = std::min(rank[at], line[at]);
                rank[at] = more;
                line[at] = less;
            }
        }
    }

    double above_;
    Largest memory_, cores_;
    std::array<std::size_t, cells> going_{};
};

void CurveModel::learn(double x, const Profile& profile) {
    const double runtime_s = seconds(profile.runtime);
    if (profile.segments.empty() || runtime_s <= 0 || profile.memory_peak.count <= 0) return;
    const auto peak = static_cast<double>(profile.memory_peak.count);
    const double mean_cores = seconds(profile.cpu) / runtime_s;
    Run run{.x = x, .runtime_s = runtime_s};
    double from = 0;
    for (const Segment& segment : profile.segments) {
        const double until = std::min(seconds(segment.until) / runtime_s, 1.0) * cells;
        const auto memory = static_cast<float>(static_cast<double>(segment.memory.count) / peak);
        const double cores = mean_cores > 0 ? segment.cpu.count / mean_cores : 1;
        for (auto at = static_cast<std::size_t>(from); at < cells && static_cast<double>(at) < until; ++at) {
            const auto start = static_cast<double>(at);
            run.memory[at] = std::max(run.memory[at], memory);
            run.cores[at] += static_cast<float>(cores * (std::min(until, start + 1) - std::max(from, start)));
        }
        from = until;
    }
    runs_.push_back(run);
    if (runs_.size() > runs_most) runs_.pop_front();
    gathered_.reset();
}

CurveModel::Overlays CurveModel::gathered(const QuantityModel& runtime, double above) const {
    Overlays overlays{.above = above};
    for (const Run& run : runs_) overlays.longest_s = std::max(overlays.longest_s, run.runtime_s);
    Gathering relative(above, runs_.size()), absolute(above, runs_.size());
    for (const Run& run : runs_) {
        relative.add(run, runtime.estimate(run.x).p50);
        absolute.add(run, overlays.longest_s);
    }
    overlays.relative = relative.take();
    overlays.absolute = absolute.take();
    return overlays;
}

std::vector<CurvePart> CurveModel::parts(const QuantityModel& runtime, double expected_s, double above) const {
    if (runs_.size() < least_runs || expected_s < shortest_shaped_s) return {};
    if (!gathered_ || gathered_->above != above) gathered_ = gathered(runtime, above);
    const auto cut = [expected_s](const Overlay& overlay, double axis_s) {
        std::vector<CurvePart> parts;
        for (std::size_t at = 0; at < cells && (parts.empty() || parts.back().until_s < expected_s); ++at)
            parts.push_back({.until_s = std::min(expected_s, axis_s * static_cast<double>(at + 1) / cells),
                             .memory = overlay.memory[at],
                             .cores = overlay.cores[at]});
        // What comes after the longest run is not known.
        if (parts.back().until_s < expected_s) parts.push_back({.until_s = expected_s, .memory = 1, .cores = 1});
        merge(parts, most_parts);
        return parts;
    };
    std::vector<CurvePart> relative = cut(gathered_->relative, expected_s);
    std::vector<CurvePart> absolute = cut(gathered_->absolute, gathered_->longest_s);
    return scale(relative) <= scale(absolute) ? relative : absolute;
}

}  // namespace plimsoll::forecast
