// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/view/machine_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "plimsoll/view/cells.h"

namespace plimsoll::view {
namespace {

constexpr int label = 8, figure = 10, least_bar = 8, largest_bar = 40;

struct Row {
    std::string name, used, reserved, free, total;
    Fill fill;
};

std::string drawn(const Row& row, const Page& page, Ink ink) {
    Line line(page);
    line.add(left_in(row.name, label), ink);
    for (const std::string* text : {&row.used, &row.reserved, &row.free, &row.total})
        if (line.room() >= figure) line.add(right_in(*text, figure), ink);
    const int bar = std::min(line.room() - 2, largest_bar);
    if (row.fill.all > 0 && bar >= least_bar) {
        line.gap(2);
        add_bar(line, page, bar, row.fill);
    }
    return line.text();
}

double number(Bytes bytes) { return static_cast<double>(bytes.count); }

void add_machine(const MachineView& machine, const Page& page, std::vector<std::string>& lines) {
    const Amounts reserved = machine.reserved(), free = machine.free(), by_runs = machine.used_by_runs();
    const Bytes used = machine.total.memory - std::min(machine.memory_available, machine.total.memory);
    const Cores busy = machine.cores_busy.value_or(by_runs.cpu);
    lines.push_back(drawn({"", "used", "reserved", "free", "total", {}}, page, Ink::faint));
    lines.push_back(drawn(
        {"memory",
         format(used),
         format(reserved.memory),
         format(free.memory),
         format(machine.total.memory),
         {number(by_runs.memory), number(reserved.memory), number(machine.programs()), number(machine.total.memory)}},
        page, Ink::plain));
    lines.push_back(drawn({"cores",
                           format(busy),
                           format(reserved.cpu),
                           format(free.cpu),
                           format(machine.total.cpu),
                           {by_runs.cpu.count, reserved.cpu.count, std::max(0.0, busy.count - by_runs.cpu.count),
                            machine.total.cpu.count}},
                          page, Ink::plain));
    std::string others = fmt::format("other programs {}", format(machine.programs()));
    if (machine.other_runs > 0)
        others += fmt::format("; {} more {} {} and {} {} reserved", machine.other_runs,
                              machine.other_runs == 1 ? "run" : "runs", format(machine.others_reserved.memory),
                              format(machine.others_reserved.cpu),
                              machine.others_reserved.cpu == Cores{1} ? "core" : "cores");
    lines.push_back(Line(page).add(others, Ink::faint).text());
}

/// Of a run or a step. As text, so that the head is a line like the others.
struct Holder {
    std::string name, running, done, memory, cores, more;
};

Holder holder_of(std::string name, const Counts& counts, const Amounts& used, const Amounts& reserved) {
    return {.name = std::move(name),
            .running = std::to_string(counts.running),
            .done = fmt::format("{}/{}", counts.ended(), counts.tasks),
            .memory = fmt::format("{} / {:>8}", format(used.memory), format(reserved.memory)),
            .cores = fmt::format("{} / {:>4}", format(used.cpu), format(reserved.cpu)),
            .more = {}};
}

std::string drawn(const Holder& holder, const Page& page, Ink ink) {
    struct Column {
        const std::string* text;
        int columns;
    };
    // The weightier ones first: what finds no room is left out.
    const Column by_weight[] = {{&holder.memory, 20}, {&holder.cores, 13}, {&holder.done, 12}, {&holder.running, 9}};
    constexpr int least_name = 16, largest_name = 40;
    int room = page.columns - least_name;
    std::size_t fit = 0;
    while (fit < std::size(by_weight) && room >= by_weight[fit].columns) room -= by_weight[fit++].columns;
    Line line(page);
    line.add(left_in(holder.name, std::clamp(least_name + room, 0, largest_name), cut_mark(page)), ink);
    for (const std::size_t at : {3UL, 2UL, 0UL, 1UL})
        if (at < fit)
            line.add(right_in(*by_weight[at].text, by_weight[at].columns), ink == Ink::strong ? Ink::plain : ink);
    if (!holder.more.empty() && line.room() > columns_of(holder.more)) line.gap(2).add(holder.more, Ink::faint);
    return line.text();
}

void add_run(const RunView& run, const Page& page, std::vector<std::string>& lines) {
    Holder whole =
        holder_of(fmt::format("{} {}", printable(run.workflow), run.run), run.counts, run.used, run.reserved);
    whole.more = told(run.eta);
    lines.push_back(drawn(whole, page, Ink::strong));
    for (const StepLine& step : run.steps)
        if (step.counts.ended() < step.counts.tasks)
            lines.push_back(
                drawn(holder_of("  " + printable(step.name), step.counts, step.used, step.reserved), page, Ink::plain));
}

}  // namespace

Amounts MachineView::used_by_runs() const {
    Amounts used = others_used;
    for (const RunView& run : runs) used += run.used;
    return used;
}

Amounts MachineView::reserved() const {
    Amounts reserved = others_reserved;
    for (const RunView& run : runs) reserved += run.reserved;
    return reserved;
}

Bytes MachineView::programs() const {
    return std::max(Bytes{}, total.memory - memory_available - used_by_runs().memory);
}

Amounts MachineView::free() const {
    const Amounts held = reserved();
    return {std::max(Bytes{}, total.memory - held.memory - programs()), std::max(Cores{}, total.cpu - held.cpu)};
}

std::vector<std::string> draw_machine(const MachineView& machine, const Page& page) {
    std::vector<std::string> lines;
    add_machine(machine, page, lines);
    lines.emplace_back();
    if (machine.runs.empty()) lines.push_back(Line(page).add("no run of yours is under way on this machine").text());
    else lines.push_back(drawn({"run, steps", "running", "done", "memory / reserved", "cores", ""}, page, Ink::faint));
    for (const RunView& run : machine.runs) add_run(run, page, lines);
    if (static_cast<int>(lines.size()) > page.lines && page.lines > 0) {
        const std::size_t hidden = lines.size() - static_cast<std::size_t>(page.lines) + 1;
        lines.resize(static_cast<std::size_t>(page.lines) - 1);
        lines.push_back(Line(page).add(fmt::format("and {} lines more", hidden), Ink::faint).text());
    }
    return lines;
}

}  // namespace plimsoll::view
