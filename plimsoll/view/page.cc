// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/view/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "plimsoll/view/cells.h"

namespace plimsoll::view {
namespace {

std::string_view code_of(Ink ink) {
    constexpr std::string_view codes[] = {"", "\x1b[1m", "\x1b[2m", "\x1b[32m", "\x1b[33m", "\x1b[31m"};
    return codes[static_cast<int>(ink)];
}
constexpr std::string_view ink_off = "\x1b[0m";

std::string repeated(std::string_view sign, int times) {
    std::string text;
    for (int at = 0; at < times; ++at) text += sign;
    return text;
}

struct Signs {
    std::string_view done, head, open;          // of progress
    std::string_view used, held, others, free;  // of amounts
};
constexpr Signs ascii = {"=", ">", "-", "#", "=", ":", "."};
constexpr Signs unicode = {"━", "╸", "─", "█", "▒", "░", "·"};
const Signs& signs_of(const Page& page) { return page.in_unicode ? unicode : ascii; }

int part(double amount, double all, int columns) {
    if (all <= 0 || amount <= 0) return 0;
    return static_cast<int>(std::lround(std::min(1.0, amount / all) * columns));
}

constexpr int bar_least = 8, bar_largest = 40;

struct AmountLine {
    std::string_view name, short_name;
    std::string used, reserved, machine;
    Fill fill;
};

std::string drawn(const Page& page, const AmountLine& amount, bool is_full, int bar) {
    Line line(page);
    line.add(is_full ? "  " : "").add(left_in(is_full ? amount.name : amount.short_name, is_full ? 8 : 5));
    if (bar >= bar_least) {
        add_bar(line, page, bar, amount.fill);
        line.gap(2);
    }
    const int width = is_full ? 8 : 0;
    line.add(right_in(amount.used, std::max(width, columns_of(amount.used))), Ink::strong)
        .add(is_full ? " used, " : " / ");
    line.add(right_in(amount.reserved, std::max(width, columns_of(amount.reserved))));
    line.add(is_full ? " reserved of " : " / ")
        .add(right_in(amount.machine, std::max(width, columns_of(amount.machine))));
    return line.text();
}

/// Down for the lower end and up for the upper: seconds to five, minutes to ten seconds, from ten minutes on to
/// minutes.
Duration rounded(Duration span, bool up) {
    const double exact = seconds(span);
    const double step = exact < 60 ? 5 : exact < 600 ? 10 : exact < 36000 ? 60 : 600;
    return from_seconds((up ? std::ceil(exact / step) : std::floor(exact / step)) * step);
}

/// As told(), without seconds that are none.
std::string brief(Duration span) {
    const auto whole = std::chrono::duration_cast<std::chrono::seconds>(span).count();
    if (whole >= 60 && whole < 3600 && whole % 60 == 0) return fmt::format("{}m", whole / 60);
    if (whole >= 3600 && whole < 86400 && whole % 3600 == 0) return fmt::format("{}h", whole / 3600);
    return told(span);
}

}  // namespace

Line& Line::add(std::string_view text, Ink ink) {
    const std::string fitted = cut(text, room(), cut_mark(*page_));
    if (fitted.empty()) return *this;
    columns_ += columns_of(fitted);
    if (ink == Ink::plain || !page_->in_colour) text_ += fitted;
    else text_.append(code_of(ink)).append(fitted).append(ink_off);
    return *this;
}

std::string Line::text() const { return text_.substr(0, text_.find_last_not_of(' ') + 1); }

void add_progress(Line& line, const Page& page, int columns, double share) {
    const Signs& signs = signs_of(page);
    const int done = part(share, 1, columns);
    const bool has_head = done > 0 && done < columns;
    line.add(repeated(signs.done, has_head ? done - 1 : done), Ink::good);
    if (has_head) line.add(signs.head, Ink::good);
    line.add(repeated(signs.open, columns - done), Ink::faint);
}

void add_bar(Line& line, const Page& page, int columns, const Fill& fill) {
    const Signs& signs = signs_of(page);
    const int used = part(fill.used, fill.all, columns);
    const int held = std::max(used, part(std::max(fill.used, fill.held), fill.all, columns));
    const int taken = std::clamp(part(std::max(fill.used, fill.held) + fill.others, fill.all, columns), held, columns);
    line.add(repeated(signs.used, used), Ink::good).add(repeated(signs.held, held - used), Ink::good);
    line.add(repeated(signs.others, taken - held), Ink::faint).add(repeated(signs.free, columns - taken), Ink::faint);
}

std::vector<std::string> amount_lines(const Page& page, const Amounts& used, const Amounts& reserved,
                                      const Amounts& others, const Amounts& machine) {
    const auto number = [](Bytes bytes) { return static_cast<double>(bytes.count); };
    const AmountLine amounts[] = {
        {"memory",
         "mem",
         format(used.memory),
         format(reserved.memory),
         format(machine.memory),
         {number(used.memory), number(reserved.memory), number(others.memory), number(machine.memory)}},
        {"cores",
         "cpu",
         format(used.cpu),
         format(reserved.cpu),
         format(machine.cpu),
         {used.cpu.count, reserved.cpu.count, others.cpu.count, machine.cpu.count}}};
    constexpr int full_text = 10 + 8 + 7 + 8 + 13 + 8;
    const bool is_full = page.columns >= full_text;
    const int bar = is_full ? std::min(page.columns - full_text - 2, bar_largest) : 0;
    return {drawn(page, amounts[0], is_full, bar), drawn(page, amounts[1], is_full, bar)};
}

std::string told(const Eta& eta) {
    if (eta.least && eta.most) {
        const std::string least = brief(rounded(*eta.least, false)), most = brief(rounded(*eta.most, true));
        if (rounded(*eta.least, false) <= Duration{}) return "less than " + most + " left";
        return least == most ? "about " + most + " left" : least + " - " + most + " left";
    }
    if (eta.unknown.empty()) return {};
    const Duration least = eta.least ? rounded(*eta.least, false) : Duration{};
    return least > Duration{} ? "more than " + brief(least) + " left" : "time left unknown";
}

std::string told(Duration span) {
    const auto whole = std::chrono::duration_cast<std::chrono::seconds>(std::max(span, Duration{})).count();
    if (whole < 60) return fmt::format("{} s", whole);
    if (whole < 3600) return fmt::format("{}m {:02}s", whole / 60, whole % 60);
    if (whole < 86400) return fmt::format("{}h {:02}m", whole / 3600, whole % 3600 / 60);
    return fmt::format("{}d {:02}h", whole / 86400, whole % 86400 / 3600);
}

std::string_view cut_mark(const Page& page) { return page.in_unicode ? "…" : "~"; }

}  // namespace plimsoll::view
