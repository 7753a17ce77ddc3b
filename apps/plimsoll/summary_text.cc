// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/summary_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

namespace plimsoll::cli {
namespace {

constexpr double seconds_an_hour = 3600;

/// Always in the same unit, so that runs compare; as many decimals as tell the largest to four digits.
std::string amounts_line(std::string_view name, const loop::AmountTime& amounts) {
    const double largest = std::max({amounts.requested, amounts.reserved, amounts.used}) * seconds_an_hour;
    const int digits = largest > 0 ? static_cast<int>(std::floor(std::log10(largest))) + 1 : 1;
    const int decimals = std::clamp(4 - digits, 0, 6);
    std::string text = fmt::format("  {:<13}", name);
    for (const double amount : {amounts.requested, amounts.reserved, amounts.used, amounts.wasted()})
        text += fmt::format("{:>10.{}f}", amount * seconds_an_hour, decimals);
    const double saved = amounts.wasted_by_requests() > 0 ? 1 - amounts.wasted() / amounts.wasted_by_requests() : 0;
    // Of what is nearly all, how much is left is what differs between runs; and "100 %" with waste beside it is none.
    const double percent = saved > 0.99 ? std::floor(1000 * saved) / 10 : std::round(100 * saved) + 0.0;  // no "-0"
    return text + fmt::format("{:>13.{}f}{:>9.{}f} %\n", amounts.wasted_by_requests() * seconds_an_hour, decimals,
                              percent, saved > 0.99 && saved < 1 ? 1 : 0);
}

std::string counts_line(const loop::Summary& summary) {
    std::string text = fmt::format("{} finished", summary.tasks_finished);
    if (summary.tasks_up_to_date) text += fmt::format(", {} up to date", summary.tasks_up_to_date);
    if (summary.tasks_failed) text += fmt::format(", {} failed", summary.tasks_failed);
    if (summary.tasks_cancelled) text += fmt::format(", {} cancelled", summary.tasks_cancelled);
    if (summary.retried)
        text += fmt::format("; {} retried ({} out of memory, {} timeouts)", summary.retried, summary.out_of_memory,
                            summary.timeouts);
    if (summary.grown) text += fmt::format("; grown {} times", summary.grown);
    if (summary.frozen)
        text += fmt::format("; frozen {} times, {} in all", summary.frozen, format(summary.frozen_time));
    return text;
}

/// The least and the most of something over a step's attempts.
template <class Value>
struct Range {
    Value least{}, most{};
    bool empty = true;
    void add(Value value) {
        least = empty ? value : std::min(least, value);
        most = empty ? value : std::max(most, value);
        empty = false;
    }
    std::string told() const {
        if (empty) return "not measured";
        std::string low = format(least);
        const std::string high = format(most);
        if (low == high) return low;
        const std::size_t number = low.find(' ');
        const bool same_unit = number != std::string::npos && high.ends_with(std::string_view(low).substr(number)) &&
                               high.find(' ') + low.size() - number == high.size();
        return (same_unit ? low.substr(0, number) : low) + "-" + high;
    }
};

struct StepUse {
    int attempts = 0;
    Range<Bytes> reserved, peak;
    Range<Cores> cores_reserved, cores_used;
    Range<Duration> runtime;
};

void add(StepUse& use, const AttemptRecord& attempt) {
    ++use.attempts;
    use.reserved.add(attempt.reserved.memory);
    if (is_memory_measured(attempt.profile)) use.peak.add(attempt.profile.memory_peak);
    use.cores_reserved.add(attempt.reserved.cpu);
    use.cores_used.add({seconds(attempt.profile.cpu) / std::max(1e-9, seconds(attempt.profile.runtime))});
    use.runtime.add(attempt.profile.runtime);
}

}  // namespace

std::string aligned(const std::vector<std::vector<std::string>>& rows, std::size_t columns) {
    std::vector<std::size_t> widths(rows.front().size());
    for (const auto& row : rows)
        for (std::size_t at = 0; at < row.size(); ++at) widths[at] = std::max(widths[at], row[at].size());
    std::size_t others = 2;
    for (std::size_t at = 1; at < widths.size(); ++at) others += widths[at] + 2;
    if (columns > 0 && others + widths[0] > columns)
        widths[0] = std::max(rows.front()[0].size(), columns - std::min(columns, others));
    std::string text;
    for (const auto& row : rows) {
        if (row[0].size() > widths[0]) {
            text += fmt::format("  {}\n  {:<{}}", row[0], "", widths[0]);
            for (std::size_t at = 1; at + 1 < row.size(); ++at) text += fmt::format("  {:<{}}", row[at], widths[at]);
            text += "  " + row.back() + "\n";
            continue;
        }
        for (std::size_t at = 0; at + 1 < row.size(); ++at) text += fmt::format("  {:<{}}", row[at], widths[at]);
        text += "  " + row.back() + "\n";
    }
    return text;
}

std::string summary_text(const RunRecord& run, const loop::Summary& summary) {
    std::string text =
        fmt::format("run {} of {}: {}{}\ntasks: {}\n", run.id, run.workflow, name_of(run.state),
                    summary.makespan > Duration{} ? " in " + format(summary.makespan) : "", counts_line(summary));
    if (summary.attempts == 0) return text;
    text += fmt::format("\n  {:<13}{:>10}{:>10}{:>10}{:>10}{:>13}{:>11}\n", "", "requested", "reserved", "used",
                        "wasted", "by requests", "less waste");
    text += amounts_line("memory GB x s", summary.memory) + amounts_line("cpu core x s", summary.cpu);
    if (!summary.steps_without_request.empty())
        text += fmt::format("  ({} {} without a request of memory or cpu: counted with what was reserved)\n",
                            summary.steps_without_request.size(),
                            summary.steps_without_request.size() == 1 ? "step" : "steps");
    return text;
}

std::string failures_text(std::span<const TaskRecord> tasks) {
    std::string text;
    for (const TaskRecord& task : tasks)
        if (task.state == TaskState::failed) text += fmt::format("  failed: {}: {}\n", task.name, task.reason);
    return text.empty() ? text : "\n" + text;
}

std::string tasks_table(std::span<const AttemptRecord> attempts, std::size_t columns) {
    std::vector<std::string> order;
    std::map<std::string, StepUse> steps;
    for (const AttemptRecord& attempt : attempts) {
        if (!attempt.outcome) continue;
        if (!steps.contains(attempt.kind.step)) order.push_back(attempt.kind.step);
        add(steps[attempt.kind.step], attempt);
    }
    if (order.empty()) return {};
    std::vector<std::vector<std::string>> rows = {
        {"step", "runs", "memory reserved", "used", "cores", "used", "runtime"}};
    for (const std::string& name : order) {
        const StepUse& use = steps[name];
        rows.push_back({name, std::to_string(use.attempts), use.reserved.told(), use.peak.told(),
                        use.cores_reserved.told(), use.cores_used.told(), use.runtime.told()});
    }
    return "\n" + aligned(rows, columns);
}

}  // namespace plimsoll::cli
