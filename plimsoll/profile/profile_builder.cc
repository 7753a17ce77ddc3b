// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/profile/profile_builder.h"

#include <algorithm>

namespace plimsoll::profile {
namespace {

// Cores are averaged over at least so long: a tenth of a second between samples, less what a wake-up is
// early or late. Shorter stretches would show the accounting's grain, not the task.
constexpr Duration shortest_window = std::chrono::milliseconds(80);
// The kernel's own grain: /proc counts hundredths of a second.
constexpr Duration cpu_grain = std::chrono::milliseconds(10);

// A mark so little above the largest sample is of the same peak, a little before or after it. The marks hold some
// hundred KiB more than samples do even where memory stood still: mapped files, and what each CPU has not yet told.
constexpr double seen_nearly = 1.1;

// So late may the kernel bring up to date what it tells of a group: samples of an attempt that ended sooner may miss
// all of it.
constexpr Duration samples_late = std::chrono::seconds(2);

Cores rate(Duration cpu, Duration span) { return {seconds(cpu) / seconds(std::max(span, cpu_grain))}; }

double area(Bytes left, Bytes right, Duration span) { return (as_double(left) + as_double(right)) / 2 * seconds(span); }

}  // namespace

ProfileBuilder::ProfileBuilder(Instant start) : start_(start) {
    last_.at = start;
    window_ = window_before_ = {start, Duration::zero()};
}

void ProfileBuilder::add(const Usage& usage) {
    if (usage.at <= last_.at) return;
    const Duration span = usage.at - last_.at, cpu_before = last_.cpu;
    const Gap gap{last_.at - start_, usage.at - start_, last_.memory, usage.memory};
    if (span > widest_.until - widest_.from) widest_ = gap;
    so_far_.memory_byte_seconds += area(gap.before, gap.after, span);
    so_far_.memory_peak = std::max(so_far_.memory_peak, usage.memory);
    ++so_far_.samples;
    take_totals(usage);
    last_.memory = usage.memory;
    last_.at = usage.at;
    take_cpu_peak(last_);
    curve_.add({.until = gap.until,
                .memory = std::max(gap.before, gap.after),
                .cpu = {seconds(last_.cpu - cpu_before) / seconds(span)}});
}

void ProfileBuilder::close(const Usage& usage) {
    take_totals(usage);
    closed_ = true;
    mark_less_cache_ = std::max(Bytes{}, usage.memory_high_water - usage.page_cache);
}

/// Counters only rise; where a source reads less than before (a process left the tree that /proc shows),
/// what was seen stays seen.
void ProfileBuilder::take_totals(const Usage& usage) {
    last_.cpu = std::max(last_.cpu, usage.cpu);
    so_far_.memory_high_water = std::max(so_far_.memory_high_water, usage.memory_high_water);
    process_high_water_ = std::max(process_high_water_, usage.process_high_water);
    so_far_.read_bytes = std::max(so_far_.read_bytes, usage.read_bytes);
    so_far_.write_bytes = std::max(so_far_.write_bytes, usage.write_bytes);
    so_far_.read_operations = std::max(so_far_.read_operations, usage.read_operations);
    so_far_.write_operations = std::max(so_far_.write_operations, usage.write_operations);
    so_far_.network_in = std::max(so_far_.network_in, usage.network_in);
    so_far_.network_out = std::max(so_far_.network_out, usage.network_out);
    so_far_.memory_stall = std::max(so_far_.memory_stall, usage.memory_stall);
    so_far_.cpu_stall = std::max(so_far_.cpu_stall, usage.cpu_stall);
    so_far_.io_stall = std::max(so_far_.io_stall, usage.io_stall);
    so_far_.processes_peak = std::max(so_far_.processes_peak, usage.processes);
    so_far_.threads_peak = std::max(so_far_.threads_peak, usage.threads);
}

void ProfileBuilder::take_cpu_peak(const Usage& usage) {
    if (usage.at - window_.at < shortest_window) return;
    so_far_.cpu_peak = std::max(so_far_.cpu_peak, rate(usage.cpu - window_.cpu, usage.at - window_.at));
    window_before_ = window_;
    window_ = {usage.at, usage.cpu};
}

/// Over what follows the last window, together with that window when it is too short by itself.
Cores ProfileBuilder::last_cpu_rate(Instant end, Duration cpu) const {
    const Mark& from = end - window_.at < shortest_window ? window_before_ : window_;
    return rate(cpu - from.cpu, end - from.at);
}

Profile ProfileBuilder::finish(Instant end, const AtEnd& told) const {
    Profile profile = so_far_;
    Curve curve = curve_;
    end = std::max(end, last_.at);
    profile.runtime = end - start_;
    profile.cpu = std::max(last_.cpu, told.cpu);
    profile.read_bytes = std::max(profile.read_bytes, told.read_bytes);
    profile.write_bytes = std::max(profile.write_bytes, told.write_bytes);
    profile.cpu_peak = std::max(profile.cpu_peak, last_cpu_rate(end, profile.cpu));

    const Gap tail{last_.at - start_, profile.runtime, last_.memory, last_.memory};
    const Duration tail_length = tail.until - tail.from;
    if (tail_length > Duration::zero()) {
        profile.memory_byte_seconds += area(tail.before, tail.after, tail_length);
        curve.add({.until = tail.until,
                   .memory = tail.after,
                   .cpu = {seconds(profile.cpu - last_.cpu) / seconds(tail_length)}});
    }
    const Bytes peak = peak_at_end(told, profile.runtime);
    if (peak > profile.memory_peak * seen_nearly) {
        place_unseen_peak(profile, curve, tail_length > widest_.until - widest_.from ? tail : widest_, peak);
    } else if (peak > profile.memory_peak) {
        curve.raise_largest(peak);
        profile.memory_peak = peak;
    }
    profile.segments = curve.in_few_segments();
    return profile;
}

/// What the kernel's marks tell of the peak. Over many samples the group's mark alone would tell nothing: it
/// counts the page cache of files that are deleted by now.
Bytes ProfileBuilder::peak_at_end(const AtEnd& told, Duration runtime) const {
    const Bytes process_high_water = std::max(told.process_high_water, process_high_water_);
    if (process_high_water == Bytes{}) {
        if (so_far_.samples == 0) return closed_ ? mark_less_cache_ : told.process_at_most;
        return closed_ && runtime < samples_late ? std::min(mark_less_cache_, told.process_at_most) : Bytes{};
    }
    if (!closed_) return process_high_water;
    return so_far_.memory_high_water > Bytes{} ? std::min(process_high_water, so_far_.memory_high_water)
                                               : process_high_water;
}

/// Two straight lines over the peak in the middle instead of one: (a + p)/2 + (p + b)/2 over half the
/// stretch each, less the (a + b)/2 that is counted already.
void ProfileBuilder::place_unseen_peak(Profile& profile, Curve& curve, const Gap& gap, Bytes peak) {
    const double between = (as_double(gap.before) + as_double(gap.after)) / 2;
    profile.memory_byte_seconds += (as_double(peak) - between) / 2 * seconds(gap.until - gap.from);
    profile.memory_peak = peak;
    curve.raise(gap.from + (gap.until - gap.from) / 2, peak);
}

}  // namespace plimsoll::profile
