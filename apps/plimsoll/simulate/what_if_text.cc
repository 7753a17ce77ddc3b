// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "apps/plimsoll/simulate/what_if.h"
#include "apps/plimsoll/summary_text.h"

namespace plimsoll::cli {
namespace {

using simulate::Course;

constexpr double seconds_an_hour = 3600;

std::string span_text(double count_s) { return format(from_seconds(count_s)); }

/// "45.0 s (42.1 s - 47.9 s)"; without the interval where there is none.
std::string with_interval(const simulate::CourseEstimate& estimate, double Course::* figure,
                          std::string (*text)(double)) {
    const std::string low = text(estimate.low.*figure), high = text(estimate.high.*figure);
    const std::string middle = text(estimate.median.*figure);
    return low == high ? middle : fmt::format("{} ({} - {})", middle, low, high);
}

std::string amount_text(double hours) {
    const double amount = hours * seconds_an_hour;
    return std::abs(amount) >= 100 ? fmt::format("{:.0f}", amount) : fmt::format("{:.3g}", amount);
}

std::string count_text(double count) { return fmt::format("{:.0f}", count); }

std::vector<std::string> cells(const std::string& name, const simulate::CourseEstimate& estimate) {
    std::string failed = with_interval(estimate, &Course::failed_attempts, count_text);
    if (estimate.high.failed_tasks > 0)
        failed += "; tasks: " + with_interval(estimate, &Course::failed_tasks, count_text);
    return {name,
            with_interval(estimate, &Course::makespan_s, span_text),
            with_interval(estimate, &Course::reserved_gbh, amount_text),
            with_interval(estimate, &Course::wasted_gbh, amount_text),
            with_interval(estimate, &Course::wasted_ch, amount_text),
            failed};
}

}  // namespace

std::string name_of(const simulate::Alternative& how) {
    std::string text = how.policy + (how.by_requests ? ", by requests" : fmt::format(", risk {:g}", how.risk));
    text += ", ";
    if (how.nodes > 1) text += fmt::format("{} x ", how.nodes);
    return text + format(how.capacity);
}

std::string comparison_text(const Comparison& comparison) {
    std::string text = fmt::format("{}: {} tasks", comparison.title, comparison.tasks);
    text += comparison.draws == 1
                ? ", each as it was\n"
                : fmt::format(", drawn {} times; the middle, and where nine of ten lie\n", comparison.draws);
    std::vector<std::vector<std::string>> rows = {
        {"", "makespan", "memory reserved", "wasted (GB x s)", "cpu wasted (core x s)", "failed attempts"}};
    if (comparison.recorded)
        rows.push_back(cells("as it went", {*comparison.recorded, *comparison.recorded, *comparison.recorded}));
    for (const Compared& row : comparison.rows) rows.push_back(cells(name_of(row.how), row.estimate));
    text += "\n" + aligned(rows);
    if (comparison.without_needs > 0)
        text += fmt::format("  (of {} of {} runs it is not known who needs whom: their tasks join when they did)\n",
                            comparison.without_needs, comparison.runs);
    if (comparison.without_request > 0)
        text += fmt::format("  ({} of {} tasks asked for no memory: by requests they hold what nothing is known of)\n",
                            comparison.without_request, comparison.tasks);
    return text;
}

}  // namespace plimsoll::cli
