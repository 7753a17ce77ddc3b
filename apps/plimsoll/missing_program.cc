// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/missing_program.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>

#include "plimsoll/base/text.h"
#include "plimsoll/machine/program_output.h"

namespace plimsoll::cli {
namespace {

// Where Debian and Ubuntu put it; shells call it by this path.
constexpr const char* command_not_found = "/usr/lib/command-not-found";

/// What a shell or a file system takes for a name without further thought.
bool is_plain(std::string_view name) {
    constexpr std::string_view marks = "+-._";
    return !name.empty() && std::ranges::all_of(name, [&](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) || marks.find(c) != std::string_view::npos;
    });
}

/// The word before `end` in a line, after the last ": ".
std::string_view word_before(std::string_view line, std::string_view end) {
    const auto at = line.rfind(end);
    if (at == std::string_view::npos) return {};
    line = line.substr(0, at);
    const auto from = line.rfind(": ");
    return from == std::string_view::npos ? std::string_view{} : line.substr(from + 2);
}

}  // namespace

std::string missing_program(std::string_view told) {
    constexpr std::string_view own = "no program '";
    if (const auto at = told.find(own); at != std::string_view::npos) {
        const std::string_view name = told.substr(at + own.size());
        const std::string_view whole = name.substr(0, name.find('\''));
        return is_plain(whole) ? std::string(whole) : std::string();
    }
    for (const std::string_view line : split(told, '\n'))
        for (const std::string_view end : {": command not found", ": not found"})
            if (const std::string_view name = word_before(line, end); is_plain(name)) return std::string(name);
    return {};
}

std::string how_to_get(const std::string& program) {
    if (::access(command_not_found, X_OK) == 0) {
        const auto asked = machine::program_output({command_not_found, "--no-failure-msg", "--", program});
        if (asked)
            for (const std::string_view line : split(asked->err, '\n'))
                if (line.starts_with("apt install ")) return std::string(line);
    }
    return fmt::format(
        "which Debian package has it says `apt-file search bin/{}` (apt install apt-file; apt-file update)", program);
}

}  // namespace plimsoll::cli
