// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/view/task_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "plimsoll/base/text.h"
#include "plimsoll/view/cells.h"

namespace plimsoll::view {
namespace {

/// A column beside the name: shown where there is room for it and all that weigh more.
struct Column {
    std::string_view head;
    int columns;
    bool is_right;
    int weight;  ///< the least is left out last
    std::string (*cell)(const TaskLine&);
};

std::string time_of(const TaskLine& task) { return told(task.lived); }
std::string typical_of(const TaskLine& task) { return task.takes ? "of ~" + told(*task.takes) : ""; }
std::string memory_of(const TaskLine& task) {
    return fmt::format("{:>8} / {:>8}", task.used ? format(task.used->memory) : "-", format(task.reserved.memory));
}
std::string cores_of(const TaskLine& task) {
    return fmt::format("{:>4} / {:>4}", task.used ? format(task.used->cpu) : "-", format(task.reserved.cpu));
}
std::string note_of(const TaskLine& task) {
    if (task.frozen) return "frozen " + told(*task.frozen);
    std::string note = task.grown > 0 ? fmt::format("grown {}x", task.grown) : "";
    if (task.attempt > 1) note += fmt::format("{}try {}", note.empty() ? "" : ", ", task.attempt);
    return note;
}

constexpr Column all_columns[] = {{"time", 7, true, 1, time_of},
                                  {"", 12, false, 4, typical_of},
                                  {"memory / reserved", 19, true, 0, memory_of},
                                  {"cores", 11, true, 2, cores_of},
                                  {"", 13, false, 3, note_of}};
constexpr int indent = 2, between = 2;
constexpr int least_name = 14, largest_name = 40;

struct Layout {
    int name = 0;
    std::vector<const Column*> columns;
};

/// By the page alone, so that nothing moves when tasks come and go.
Layout layout_of(const Page& page) {
    std::vector<const Column*> by_weight;
    for (const Column& column : all_columns) by_weight.push_back(&column);
    std::ranges::sort(by_weight, {}, &Column::weight);
    int room = page.columns - indent - least_name;
    std::vector<const Column*> chosen;
    for (const Column* column : by_weight) {
        if (room < column->columns + between) break;
        room -= column->columns + between;
        chosen.push_back(column);
    }
    std::ranges::sort(chosen);  // as they stand in the table
    return {std::clamp(least_name + room, 0, largest_name), chosen};
}

std::string head_line(const Layout& layout, const Page& page, std::size_t running) {
    std::string text = left_in(fmt::format("{} running", running), layout.name);
    for (const Column* column : layout.columns)
        text += "  " +
                (column->is_right ? right_in(column->head, column->columns) : left_in(column->head, column->columns));
    return Line(page).gap(indent).add(text.substr(0, text.find_last_not_of(' ') + 1), Ink::faint).text();
}

/// A task is told from its like by what stands in brackets: of a long name that stays.
std::string name_in(std::string_view name, int columns, std::string_view mark) {
    constexpr int least_step = 6;
    const std::size_t bracket = std::min(name.find('['), name.size());
    const int last = std::min(columns_of(name.substr(bracket)), columns - least_step);
    return left_in(cut_before(name, columns, last, mark), columns);
}

std::string task_line(const TaskLine& task, const Layout& layout, const Page& page) {
    const Ink ink = task.frozen ? Ink::warning : Ink::plain;
    std::string text = name_in(printable(task.name), layout.name, cut_mark(page));
    for (const Column* column : layout.columns) {
        const std::string cell = column->cell(task);
        text += "  " +
                (column->is_right ? right_in(cell, column->columns) : left_in(cell, column->columns, cut_mark(page)));
    }
    return Line(page).gap(indent).add(text.substr(0, text.find_last_not_of(' ') + 1), ink).text();
}

/// "and 188 more: align 150, call 38"
std::string more_line(std::span<const TaskLine* const> tasks, const Page& page) {
    std::vector<std::pair<std::string, int>> steps;
    for (const TaskLine* task : tasks) {
        const auto known = std::ranges::find(steps, task->step, &std::pair<std::string, int>::first);
        if (known != steps.end()) ++known->second;
        else steps.emplace_back(task->step, 1);
    }
    std::vector<std::string> told;
    for (const auto& [step, count] : steps) told.push_back(fmt::format("{} {}", printable(step), count));
    return Line(page)
        .gap(indent)
        .add(fmt::format("and {} more: {}", tasks.size(), join(told, ", ")), Ink::faint)
        .text();
}

}  // namespace

std::vector<std::string> task_table(std::span<const TaskLine> tasks, const Page& page, int lines) {
    if (tasks.empty() || lines < 2) return {};
    std::vector<const TaskLine*> ordered;
    for (const TaskLine& task : tasks) ordered.push_back(&task);
    std::ranges::stable_partition(ordered, [](const TaskLine* task) { return task->frozen.has_value(); });
    const bool fit = ordered.size() < static_cast<std::size_t>(lines);
    const std::size_t shown = fit ? ordered.size() : static_cast<std::size_t>(lines) - 2;
    const Layout layout = layout_of(page);
    std::vector<std::string> drawn = {head_line(layout, page, tasks.size())};
    for (std::size_t at = 0; at < shown; ++at) drawn.push_back(task_line(*ordered[at], layout, page));
    if (!fit) drawn.push_back(more_line(std::span(ordered).subspan(shown), page));
    return drawn;
}

}  // namespace plimsoll::view
