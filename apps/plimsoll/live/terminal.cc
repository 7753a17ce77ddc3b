// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/live/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace plimsoll::cli {
namespace {

std::string_view variable(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

/// As the C library would find it for characters.
std::string_view locale_name() {
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"})
        if (const std::string_view value = variable(name); !value.empty()) return value;
    return "";
}

bool is_utf8(std::string_view locale) {
    for (const std::string_view spelling : {"UTF-8", "utf-8", "UTF8", "utf8"})
        if (locale.find(spelling) != std::string_view::npos) return true;
    return false;
}

}  // namespace

bool can_draw(int fd) {
    const std::string_view kind = variable("TERM");
    return ::isatty(fd) == 1 && !kind.empty() && kind != "dumb";
}

std::optional<view::Page> page_of(int fd) {
    // No answer: it is not this process's controlling terminal, and then there is no background either.
    const pid_t in_front = ::tcgetpgrp(fd);
    if (in_front >= 0 && in_front != ::getpgrp()) return std::nullopt;
    winsize size{};
    if (::ioctl(fd, TIOCGWINSZ, &size) < 0 || size.ws_col == 0 || size.ws_row == 0)
        size = {.ws_row = 24, .ws_col = 80, .ws_xpixel = 0, .ws_ypixel = 0};
    return view::Page{.columns = std::max(1, size.ws_col - 1),
                      .lines = std::max(0, size.ws_row - 2),
                      .in_colour = variable("NO_COLOR").empty(),
                      .in_unicode = is_utf8(locale_name())};
}

std::size_t columns_for_text(int fd) {
    if (::isatty(fd) != 1) return 0;
    const auto page = page_of(fd);
    return page ? static_cast<std::size_t>(page->columns) : 0;
}

}  // namespace plimsoll::cli
