// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/exchange/advice_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "apps/plimsoll/wrapped.h"
#include "plimsoll/base/text.h"

namespace plimsoll::cli {
namespace {

using advise::KindAdvice;

constexpr std::size_t kinds_shown = 20;  // a screen; --all lists all
constexpr std::size_t name_width = 18;

template <class Amount>
std::string amount_text(const std::optional<Amount>& amount) {
    return amount ? format(*amount) : std::string("-");
}

std::string count_text(const advise::Replayed& replayed) {
    return replayed.tasks == 0 ? "-" : fmt::format("{} of {}", replayed.failed, replayed.tasks);
}

/// Whole where large, never more than five characters up to 99,999.
std::string gbh_text(double gbh) {
    return gbh >= 100 ? fmt::format("{:.0f}", gbh) : gbh >= 1 ? fmt::format("{:.1f}", gbh) : fmt::format("{:.2f}", gbh);
}

/// A name too long for its column stands out of it; cutting it would make two alike.
std::string name_of(const KindAdvice& one, bool with_workflow) {
    const std::string name = with_workflow ? one.kind.workflow + "/" + one.kind.step : one.kind.step;
    return name.size() <= name_width ? fmt::format("{:<{}}", name, name_width)
                                     : fmt::format("{}\n{:<{}}", name, "", name_width);
}

std::string memory_line(const KindAdvice& one, const std::string& name) {
    const advise::MemoryAdvice& memory = *one.memory;
    const std::string mark = memory.promised ? " " : "~";
    return fmt::format("{} {:>6} {:>9} {:>9} {:>9} {:>10} {:>6}  {:>5}\n", name, one.finished + one.out_of_memory,
                       amount_text(memory.requested), format(memory.largest), mark + format(memory.advised),
                       count_text(memory.replayed), memory.requested ? gbh_text(memory.wasted_gbh) : "-",
                       memory.requested ? gbh_text(memory.advised_wasted_gbh) : "-");
}

std::string time_line(const KindAdvice& one, const std::string& name) {
    std::string text = name;
    if (one.cpu)
        text += fmt::format(" {:>6} {:>5.2f} {:>5.0f}", amount_text(one.cpu->requested), one.cpu->typical,
                            one.cpu->advised);
    else text += fmt::format(" {:>6} {:>5} {:>5}", "-", "-", "-");
    if (!one.time) return text + "\n";
    const std::string mark = one.time->promised ? " " : "~";
    return text + fmt::format(" {:>9} {:>9} {:>9} {:>11}\n", amount_text(one.time->requested),
                              format(one.time->largest), mark + format(one.time->advised),
                              count_text(one.time->replayed));
}

std::string summary_line(std::span<const KindAdvice> all) {
    double requested = 0, used = 0, wasted = 0, advised = 0;
    std::size_t tasks = 0, failed = 0;
    for (const KindAdvice& one : all) {
        if (!one.memory) continue;
        tasks += one.memory->replayed.tasks;
        failed += one.memory->replayed.failed;
        requested += one.memory->requested_gbh;
        used += one.memory->used_gbh;
        wasted += one.memory->wasted_gbh;
        advised += one.memory->advised_wasted_gbh;
    }
    std::string text;
    if (requested > 0)
        text += fmt::format(
            "Of {} GB x h of memory requested, {:.0f} % was used. Asked for as advised,\n"
            "{} GB x h would have been wasted instead of {} ({:.0f} % less).\n",
            gbh_text(requested), std::floor(100 * used / requested), gbh_text(advised), gbh_text(wasted),
            wasted > 0 ? 100 * (1 - advised / wasted) : 0);
    if (tasks > 0)
        text += fmt::format("{} of {} tasks ({:.1f} %) would have needed more than those before them advised.\n",
                            failed, tasks, 100.0 * static_cast<double>(failed) / static_cast<double>(tasks));
    return text;
}

/// Why more is advised than was ever seen to be used.
std::string stopped_text(std::span<const KindAdvice> shown) {
    std::vector<std::string> stopped;
    for (const KindAdvice& one : shown)
        if (one.memory && one.out_of_memory > 0)
            stopped.push_back(
                fmt::format("{} of {} {}", one.out_of_memory, one.finished + one.out_of_memory, one.kind.step));
    if (stopped.empty()) return {};
    return wrapped("Out of memory, and so in need of more than they had: " + join(stopped, ", ") + ".", 0, 0);
}

std::string what_it_keeps(std::span<const KindAdvice> all, const AdviseOptions& options) {
    const bool promises = std::any_of(all.begin(), all.end(), [](const KindAdvice& one) {
        return (one.memory && one.memory->promised) || (one.time && one.time->promised);
    });
    if (options.risk)
        return fmt::format("Memory as costs least where a failed task weighs {:g}.\n", options.risk->failure_weight);
    if (!promises) return {};
    return fmt::format("{:g} % of tasks stay under what is advised, if they are like those before.\n",
                       options.stay_under_percent);
}

}  // namespace

std::span<const KindAdvice> shown_of(std::span<const KindAdvice> all, const AdviseOptions& options) {
    return options.all ? all : all.first(std::min(all.size(), kinds_shown));
}

std::string advice_text(std::span<const KindAdvice> all, const std::string& known, const AdviseOptions& options) {
    std::set<std::string> workflows;
    for (const KindAdvice& one : all) workflows.insert(one.kind.workflow);
    const std::span<const KindAdvice> shown = shown_of(all, options);
    std::string memory = fmt::format(
        "{:<{}} {:>6} {:>9} {:>9} {:>9} {:>10}  wasted GBh\n{:<{}} {:>6} {:>9} {:>9} {:>9} "
        "{:>10} {:>6}  {:>5}\n",
        "memory", name_width, "", "", "", "", "", "", name_width, "tasks", "requested", "largest", "advised",
        "too small", "so far", "adv.");
    std::string time = fmt::format("{:<{}} {:>6} {:>5} {:>5} {:>9} {:>9} {:>9} {:>11}\n", "cores and time", name_width,
                                   "cores", "busy", "adv.", "requested", "largest", "advised", "too short");
    for (const KindAdvice& one : shown) {
        const std::string name = name_of(one, workflows.size() > 1);
        if (one.memory) memory += memory_line(one, name);
        if (one.time || one.cpu) time += time_line(one, name);
    }
    const double share = options.stay_under_percent / 100;
    const bool has_memory = std::ranges::any_of(shown, [](const KindAdvice& one) { return one.memory.has_value(); });
    std::string text = (has_memory ? memory + "\n" : "") + time + "\n" + stopped_text(shown);
    if (shown.size() < all.size())
        text += fmt::format("{} more kinds waste less; --all lists them.\n", all.size() - shown.size());
    text += summary_line(all) + what_it_keeps(all, options);
    if (text.find('~') != std::string::npos)
        text += fmt::format("~ not promised: that takes {:.0f} tasks, none of them stopped above it.\n",
                            std::ceil(share / (1 - share) - 1e-9));
    return text + known + "Lines to paste: plimsoll advise --for slurm, snakemake or nextflow\n";
}

}  // namespace plimsoll::cli
