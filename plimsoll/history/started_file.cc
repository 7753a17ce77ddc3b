// SPDX-License-Identifier: Apache-2.0
// A line: task, attempt, start in ns since the epoch, group, workflow, step, tool, task name, a full stop
// that tells a whole line from a cut one; tabs between, tabs, line ends and backslashes escaped.
#include "plimsoll/history/started_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <map>
#include <optional>

#include "plimsoll/base/text.h"

namespace plimsoll::history {
namespace {

constexpr std::size_t field_count = 9;

std::string escaped(std::string_view text) {
    std::string line;
    for (const char c : text) {
        if (c == '\t') line += "\\t";
        else if (c == '\n') line += "\\n";
        else if (c == '\\') line += "\\\\";
        else line += c;
    }
    return line;
}

std::string unescaped(std::string_view field) {
    std::string text;
    for (std::size_t at = 0; at < field.size(); ++at) {
        if (field[at] != '\\' || at + 1 == field.size()) {
            text += field[at];
            continue;
        }
        const char next = field[++at];
        text += next == 't' ? '\t' : next == 'n' ? '\n' : next;
    }
    return text;
}

template <class Number>
bool read_number(std::string_view text, Number& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size();
}

std::optional<AttemptRecord> read_line(std::string_view line) {
    const std::vector<std::string_view> fields = split(line, '\t');
    if (fields.size() != field_count || fields.back() != ".") return std::nullopt;
    AttemptRecord attempt;
    Duration::rep started = 0;
    if (!read_number(fields[0], attempt.id.task) || !read_number(fields[1], attempt.id.number) ||
        !read_number(fields[2], started))
        return std::nullopt;
    attempt.started = WallTime(Duration(started));
    attempt.group = unescaped(fields[3]);
    attempt.kind = {.workflow = unescaped(fields[4]), .step = unescaped(fields[5]), .tool = unescaped(fields[6])};
    attempt.task_name = unescaped(fields[7]);
    return attempt;
}

}  // namespace

Result<StartedFile> StartedFile::create(const std::string& path) {
    return StartedFile(PLIM_TRY(open_file(path, O_WRONLY | O_CREAT | O_APPEND, 0600)));
}

Result<void> StartedFile::add(const AttemptRecord& attempt) {
    std::string line =
        fmt::format("{}{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t.\n", cut_short_ ? "\n" : "", attempt.id.task, attempt.id.number,
                    attempt.started.time_since_epoch().count(), escaped(attempt.group), escaped(attempt.kind.workflow),
                    escaped(attempt.kind.step), escaped(attempt.kind.tool), escaped(attempt.task_name));
    const ssize_t written = ::write(file_.fd(), line.data(), line.size());
    if (written == static_cast<ssize_t>(line.size())) {
        cut_short_ = false;
        return {};
    }
    cut_short_ = cut_short_ || written > 0;
    return system_error("record the start of " + attempt.task_name, written < 0 ? errno : ENOSPC);
}

Result<std::vector<AttemptRecord>> read_started(const std::string& path) {
    const Result<std::string> text = read_file(path);
    if (!text && text.error().kind == ErrorKind::not_found) return std::vector<AttemptRecord>();
    if (!text) return text.error();
    std::map<AttemptId, AttemptRecord> last;
    for (const std::string_view line : split(*text, '\n'))
        if (auto attempt = read_line(line)) last.insert_or_assign(attempt->id, std::move(*attempt));
    std::vector<AttemptRecord> attempts;
    for (auto& [id, attempt] : last) attempts.push_back(std::move(attempt));
    return attempts;
}

}  // namespace plimsoll::history
