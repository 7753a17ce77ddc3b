// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/text_report.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "apps/plimsoll/missing_program.h"
#include "apps/plimsoll/wrapped.h"
#include "plimsoll/base/file.h"

namespace plimsoll::cli {
namespace {

constexpr off_t tail_bytes = 16384;
constexpr int lines_of_a_failure = 15;

std::string used_and_reserved(const loop::Event& event) {
    if (!event.used) return {};
    if (!is_memory_measured(*event.used))
        return fmt::format("done in {}, memory not measured ({} reserved)", format(event.used->runtime),
                           format(event.reserved.memory));
    return fmt::format("done in {}, {} of {} memory", format(event.used->runtime), format(event.used->memory_peak),
                       format(event.reserved.memory));
}

std::string plain(std::string_view line) {
    while (line.ends_with('\r')) line.remove_suffix(1);
    if (const auto over = line.rfind('\r'); over != std::string::npos) line.remove_prefix(over + 1);
    std::string text;
    for (const char c : line) {
        const bool controls = (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == '\x7f';
        if (controls) text += {'^', static_cast<char>(c ^ '@')};
        else text += c;
    }
    return text;
}

/// Each line made plain, behind the margin.
std::string made_plain(std::string_view text, std::string_view margin) {
    std::string all;
    std::size_t from = 0;
    while (from < text.size()) {
        const std::size_t end = std::min(text.find('\n', from), text.size());
        all.append(margin).append(plain(text.substr(from, end - from))).append("\n");
        from = end + 1;
    }
    return all;
}

std::string indented(const std::string& text) { return made_plain(text, "    | "); }

/// What exit codes of the shell mean that puzzle people.
std::string hint(const loop::Event& event) {
    if (!event.outcome || event.outcome->ending != Ending::exit) return {};
    if (event.outcome->code == 141)
        return "    hint: a program wrote into a pipe whose reader had ended, as in 'sort | head'. Let the reader "
               "take\n"
               "    all (sed -n 1,10p), allow for it ({ sort || [ $? = 141 ]; } | head), or set 'shell: bash -euc'\n";
    if (event.outcome->code == 127)
        return "    hint: 127 is what a shell gives when it finds no program of that name\n";
    return {};
}

}  // namespace

std::string TextReport::failure(const loop::Event& event) {
    std::string text = fmt::format("FAILED  {}: {}\n", event.task_name, event.reason);
    if (!event.command.empty()) text += "    its command:\n" + indented(event.command);
    const std::string tail = event.log.empty() ? "" : last_lines(event.log, lines_of_a_failure);
    if (!tail.empty()) text += fmt::format("    its last lines ({}):\n{}", event.log, indented(tail));
    else if (event.outcome && event.outcome->ending != Ending::not_started) text += "    it printed nothing\n";
    const bool is_told_by_log = event.outcome && event.outcome->ending == Ending::exit && event.outcome->code == 127;
    if (const std::string missing = missing_program(is_told_by_log ? tail : event.reason); !missing.empty())
        missing_programs.insert(missing);
    return text + hint(event);
}

std::string plain_text(std::string_view lines) { return made_plain(lines, {}); }

std::string last_lines(const std::string& path, int lines) {
    const auto file = open_file(path, O_RDONLY);
    if (!file) return {};
    const off_t size = ::lseek(file->fd(), 0, SEEK_END);
    std::string text(static_cast<std::size_t>(std::min(size, tail_bytes)), '\0');
    const ssize_t got = ::pread(file->fd(), text.data(), text.size(), std::max<off_t>(0, size - tail_bytes));
    if (got <= 0) return {};
    text.resize(static_cast<std::size_t>(got));
    while (!text.empty() && text.back() == '\n') text.pop_back();
    std::size_t from = text.size();
    for (int line = 0; line < lines && from != std::string::npos && from > 0; ++line) from = text.rfind('\n', from - 1);
    return from == std::string::npos || from == 0 ? text : text.substr(from + 1);
}

std::string TextReport::sentence(std::string_view text) const {
    return columns == 0 ? fmt::format("{}\n", text) : wrapped(text, 0, 6, columns);
}

std::string TextReport::start(const loop::Event& event) {
    std::string text = explain ? fmt::format("start   {}: {}\n", event.task_name, event.reason) : "";
    if (!event.is_share || told_of_share) return text;
    told_of_share = true;
    return text +
           sentence(fmt::format("note: nothing is known of '{}' yet and it requests no memory: it gets a share of "
                                "this machine, {}; what its first task uses sizes the next",
                                event.step, format(event.reserved.memory)));
}

std::string TextReport::lines_for(const loop::Event& event) {
    using loop::EventKind;
    const bool ends = event.kind == EventKind::task_finished || event.kind == EventKind::task_failed ||
                      event.kind == EventKind::task_up_to_date || event.kind == EventKind::task_cancelled;
    if (ends && event.task) ended.insert(*event.task);
    if (event.kind == EventKind::task_started && event.task) ended.erase(*event.task);
    const std::string count = tasks == 0 ? std::string() : fmt::format("[{}/{}] ", ended.size(), tasks);
    if (event.kind == EventKind::task_failed) return count + failure(event);
    if (quiet) return {};
    switch (event.kind) {
        case EventKind::notice: return sentence("note: " + event.reason);
        case EventKind::task_finished:
            return fmt::format("{}{}: {}\n", count, event.task_name, used_and_reserved(event));
        case EventKind::task_retried: return fmt::format("retry   {}: {}\n", event.task_name, event.reason);
        case EventKind::task_frozen: return fmt::format("wait    {}: {}\n", event.task_name, event.reason);
        case EventKind::task_resumed: return fmt::format("resume  {}: {}\n", event.task_name, event.reason);
        case EventKind::task_grown:
            return explain ? fmt::format("grow    {} to {}: {}\n", event.task_name, format(event.reserved.memory),
                                         event.reason)
                           : "";
        case EventKind::task_started: return start(event);
        case EventKind::task_up_to_date:
            return explain ? fmt::format("{}{}: {}\n", count, event.task_name, event.reason) : "";
        case EventKind::task_cancelled:
            return explain ? fmt::format("{}{}: cancelled, {}\n", count, event.task_name, event.reason) : "";
        case EventKind::run_waiting: return sentence("waiting: " + event.reason);
        case EventKind::run_stopping: return sentence("stopping: " + event.reason);
        default: return {};
    }
}

}  // namespace plimsoll::cli
