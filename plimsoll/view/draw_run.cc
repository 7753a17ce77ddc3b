// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/view/draw_run.h"

#include <fmt/format.h>

#include <algorithm>

#include "plimsoll/base/text.h"
#include "plimsoll/view/cells.h"
#include "plimsoll/view/task_table.h"

namespace plimsoll::view {
namespace {

constexpr int least_progress = 6, largest_progress = 60;

/// "variants  34 of 120 tasks  ====>-----  12m 03s, 20m - 31m left"
std::string headline(const RunView& run, const Page& page) {
    const Counts& counts = run.counts;
    const std::string left = run.is_stopping ? "stopping" : told(run.eta);
    std::string times = told(run.elapsed) + (left.empty() ? "" : ", " + left);
    std::string done = fmt::format("{} of {} tasks", counts.ended(), counts.tasks);
    const int without_name = columns_of(done) + 2 + columns_of(times) + 2;
    if (without_name + 6 > page.columns) done = fmt::format("{}/{}", counts.ended(), counts.tasks);
    if (columns_of(done) + 2 + columns_of(times) + 8 > page.columns && !left.empty()) times = left;
    const int rest = page.columns - columns_of(done) - columns_of(times) - 4;
    const std::string name = printable(run.workflow);
    const int name_columns = std::min(columns_of(name), std::max(6, rest / 2));
    Line line(page);
    line.add(left_in(name, name_columns, cut_mark(page)), Ink::strong).gap(2).add(done).gap(2);
    const int bar = std::min(line.room() - columns_of(times) - 2, largest_progress);
    if (bar >= least_progress) {
        const double all = std::max<double>(1, counts.tasks);
        add_progress(line, page, bar, counts.ended() / all);
        line.gap(2);
    }
    return line.add(times).text();
}

struct Remark {
    std::string text;
    Ink ink = Ink::plain;
};

std::vector<Remark> remarks_of(const RunView& run) {
    const auto frozen_now =
        std::ranges::count_if(run.running, [](const TaskLine& task) { return task.frozen.has_value(); });
    std::vector<Remark> remarks;
    const Counts& counts = run.counts;
    if (counts.failed > 0) remarks.push_back({fmt::format("{} failed", counts.failed), Ink::bad});
    if (frozen_now > 0) remarks.push_back({fmt::format("{} frozen", frozen_now), Ink::warning});
    if (run.retried > 0) remarks.push_back({fmt::format("{} retried", run.retried), Ink::warning});
    if (run.grown > 0) remarks.push_back({fmt::format("grown {} times", run.grown)});
    if (counts.cancelled > 0) remarks.push_back({fmt::format("{} cancelled", counts.cancelled)});
    if (counts.up_to_date > 0) remarks.push_back({fmt::format("{} up to date", counts.up_to_date)});
    if (run.ready > 0) remarks.push_back({fmt::format("{} ready", run.ready)});
    return remarks;
}

/// "1 failed, grown 3 times, 12 up to date, 8 ready"; nothing where all is as it should be.
void add_remarks(const RunView& run, const Page& page, std::vector<std::string>& lines) {
    Line line(page);
    line.add("  ");
    const std::vector<Remark> remarks = remarks_of(run);
    for (const Remark& remark : remarks) {
        if (&remark != &remarks.front()) line.add(", ");
        line.add(remark.text, remark.ink);
    }
    if (!remarks.empty()) lines.push_back(line.text());
}

/// A sentence on two lines at the most, broken between words.
void add_sentence(const std::string& text, Ink ink, const Page& page, std::vector<std::string>& lines) {
    std::string first, rest = printable(text);
    if (columns_of(rest) > page.columns - 2) {
        std::size_t end = cut(rest, page.columns - 2, " ").size() - 1;
        if (const std::size_t blank = rest.rfind(' ', end); blank != std::string::npos && blank > 0) end = blank;
        first = rest.substr(0, end);
        rest = rest.substr(rest[end] == ' ' ? end + 1 : end);
        lines.push_back(Line(page).add("  ").add(first, ink).text());
    }
    lines.push_back(Line(page).add("  ").add(rest, ink).text());
}

/// "queues  prod 62 % (75 % due), 12 wait; dev 38 % (25 % due)"
void add_queues(const RunView& run, const Page& page, std::vector<std::string>& lines) {
    constexpr std::size_t named_most = 5;
    std::vector<std::string> told;
    for (const QueueLine& queue : run.queues) {
        if (told.size() == named_most) break;
        told.push_back(
            fmt::format("{} {:.0f} % ({:.0f} % due)", printable(queue.path), 100 * queue.share, 100 * queue.due));
        if (queue.waiting > 0)
            told.back() += fmt::format(", {} {}", queue.waiting, queue.waiting == 1 ? "waits" : "wait");
    }
    if (told.empty()) return;
    if (run.queues.size() > told.size()) told.push_back(fmt::format("{} more", run.queues.size() - told.size()));
    add_sentence("queues  " + join(told, "; "), Ink::plain, page, lines);
}

/// "index 2/2, align 12/40, call 0/40": the done ones go first where there is no room for all.
void add_steps(const RunView& run, const Page& page, std::vector<std::string>& lines) {
    if (run.steps.size() < 2) return;
    std::vector<std::string> told;
    int columns = 0;
    for (const StepLine& step : run.steps) {
        told.push_back(fmt::format("{} {}/{}", printable(step.name), step.counts.done(), step.counts.tasks));
        columns += columns_of(told.back()) + 2;
    }
    std::size_t first = 0;
    while (first + 1 < told.size() && columns > page.columns &&
           run.steps[first].counts.done() == run.steps[first].counts.tasks)
        columns -= columns_of(told[first++]) + 2;
    if (first > 0) told[first - 1] = fmt::format("{} {} done", first, first == 1 ? "step" : "steps"), --first;
    told.erase(told.begin(), told.begin() + static_cast<std::ptrdiff_t>(first));
    lines.push_back(Line(page).add("  ").add(join(told, ", "), Ink::faint).text());
}

}  // namespace

std::vector<std::string> draw_run(const RunView& run, const Page& page) {
    std::vector<std::string> lines = {headline(run, page)};
    for (std::string& line : amount_lines(page, run.used, run.reserved, run.others, run.machine))
        lines.push_back(std::move(line));
    add_remarks(run, page, lines);
    add_queues(run, page, lines);
    if (!run.waits.empty()) add_sentence(run.waits, Ink::warning, page, lines);
    if (!run.is_stopping && !run.eta.unknown.empty()) add_sentence(run.eta.unknown, Ink::faint, page, lines);
    add_steps(run, page, lines);
    const int left = page.lines - static_cast<int>(lines.size());
    for (std::string& line : task_table(run.running, page, left)) lines.push_back(std::move(line));
    if (static_cast<int>(lines.size()) > page.lines) lines.resize(static_cast<std::size_t>(std::max(page.lines, 0)));
    return lines;
}

}  // namespace plimsoll::view
