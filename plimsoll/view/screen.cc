// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/view/screen.h"

#include <cstddef>
#include <utility>

namespace plimsoll::view {
namespace {

// ECMA-48 control functions, and the marks of a synchronized update, which terminals that do not know them ignore.
constexpr std::string_view begin_update = "\x1b[?2026h", end_update = "\x1b[?2026l";
constexpr std::string_view erase_below = "\x1b[J", erase_to_end_of_line = "\x1b[K";

std::string down(std::size_t lines) { return "\r" + std::string(lines, '\n'); }
std::string up(std::size_t lines) { return lines == 0 ? "\r" : "\x1b[" + std::to_string(lines) + "A\r"; }

std::string update(std::string_view bytes) { return std::string(begin_update).append(bytes).append(end_update); }

}  // namespace

/// From the cursor's line on, which is empty, and back there.
std::string Screen::block() const {
    std::string bytes;
    for (const std::string& line : lines_) bytes.append("\r\n").append(line);
    return bytes + up(lines_.size());
}

std::string Screen::print(std::string_view text) {
    waiting_ += text;
    const std::size_t end = waiting_.rfind('\n');
    if (end == std::string::npos) return {};
    std::string whole = waiting_.substr(0, end + 1);
    waiting_.erase(0, end + 1);
    if (lines_.empty()) return whole;
    return update(std::string("\r").append(erase_below).append(whole).append(block()));
}

std::string Screen::show(std::vector<std::string> lines) {
    if (lines.empty()) return lines_.empty() ? std::string() : clear();
    std::string bytes;
    std::size_t at = 0;  // lines below the cursor's own
    for (std::size_t line = 0; line < lines.size(); ++line) {
        if (line < lines_.size() && lines_[line] == lines[line]) continue;
        bytes += down(line + 1 - at);
        bytes.append(lines[line]).append(erase_to_end_of_line);
        at = line + 1;
    }
    if (lines.size() < lines_.size()) {
        bytes += down(lines.size() + 1 - at) + std::string(erase_below);
        at = lines.size() + 1;
    }
    lines_ = std::move(lines);
    if (bytes.empty()) return {};
    return update(std::string("\r").append(erase_to_end_of_line).append(bytes).append(up(at)));
}

std::string Screen::clear() {
    std::string bytes;
    if (!lines_.empty()) bytes.append("\r").append(erase_below);
    lines_.clear();
    return bytes + std::exchange(waiting_, {});
}

std::string Screen::redraw() {
    if (lines_.empty()) return {};
    return update(std::string("\r").append(erase_below).append(block()));
}

}  // namespace plimsoll::view
