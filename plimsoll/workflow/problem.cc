// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/problem.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace plimsoll::workflow {
namespace {

constexpr std::size_t told_in_full = 3;

std::uint64_t key_of(Mark mark) { return std::uint64_t{mark.line} << 32 | mark.column; }

std::size_t offset_of(std::string_view source, Mark mark) {
    std::size_t at = 0;
    for (std::uint32_t line = 1; line < mark.line; ++line) {
        const std::size_t end = source.find('\n', at);
        if (end == std::string_view::npos) return source.size();
        at = end + 1;
    }
    return std::min(source.size(), at + (mark.column > 0 ? mark.column - 1 : 0));
}

Mark mark_of(std::string_view source, std::size_t offset) {
    const std::string_view before = source.substr(0, offset);
    const std::size_t line_start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
    return {.line = static_cast<std::uint32_t>(1 + std::count(before.begin(), before.end(), '\n')),
            .column = static_cast<std::uint32_t>(1 + offset - line_start)};
}

std::vector<Problem> in_file_order(std::vector<Problem> problems) {
    std::ranges::stable_sort(problems, {}, &Problem::mark);
    return problems;
}

}  // namespace

std::string format(const Problem& problem) {
    if (problem.mark.line == 0) return fmt::format("{}: {}", problem.file, problem.message);
    return fmt::format("{}:{}:{}: {}", problem.file, problem.mark.line, problem.mark.column, problem.message);
}

void Problems::add(Mark mark, std::string message) {
    ++found_;
    const auto known = told_.find(key_of(mark));
    if (known != told_.end() && known->second <= told_in_full && is_told(mark, message)) return;
    if (++told_[key_of(mark)] <= told_in_full) problems_.push_back({file_, mark, std::move(message)});
}

bool Problems::is_told(Mark mark, std::string_view message) const {
    return std::any_of(problems_.begin(), problems_.end(),
                       [&](const Problem& told) { return told.mark == mark && told.message == message; });
}

void Problems::add_argument(std::string argument, std::string message) {
    problems_.push_back({std::move(argument), {}, std::move(message)});
}

void Problems::warn(Mark mark, std::string message) { warnings_.push_back({file_, mark, std::move(message)}); }

Mark Problems::find(Mark from, std::string_view part, int nth) const {
    std::size_t at = offset_of(source_, from);
    for (int seen = 0; seen <= nth; ++seen) {
        at = source_.find(part, seen == 0 ? at : at + part.size());
        if (at == std::string_view::npos) return from;
    }
    return mark_of(source_, at);
}

std::vector<Problem> Problems::take_problems() {
    std::vector<Problem> problems = in_file_order(std::exchange(problems_, {}));
    for (std::size_t i = 0; i < problems.size(); ++i) {
        const bool last_of_place = i + 1 == problems.size() || problems[i + 1].mark != problems[i].mark;
        const auto told = told_.find(key_of(problems[i].mark));
        if (!last_of_place || told == told_.end() || told->second <= told_in_full) continue;
        problems[i].message += fmt::format(" (and {} more like this)", told->second - told_in_full);
    }
    told_.clear();
    return problems;
}

std::vector<Problem> Problems::take_warnings() { return in_file_order(std::exchange(warnings_, {})); }

}  // namespace plimsoll::workflow
