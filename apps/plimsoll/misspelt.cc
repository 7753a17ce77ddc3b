// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/misspelt.h"

#include <fmt/format.h>

#include "plimsoll/base/text.h"

namespace plimsoll::cli {

std::string not_understood(const Command& command, const std::string& word) {
    const bool is_option = word.starts_with('-');
    const std::string name = word.substr(0, word.find('='));
    const std::vector<std::string>& meant = is_option ? command.options : command.commands;
    // Any letter is as near to another as the next.
    const auto near = name.size() > 2 ? nearest_name(name, meant) : std::nullopt;
    const std::string help = fmt::format("`{} --help` lists what there is", command.name);
    const std::string advice = near ? fmt::format("did you mean '{}'?", *near) : help;
    if (is_option) return fmt::format("{} has no option '{}'; {}", command.name, name, advice);
    if (command.commands.empty()) return fmt::format("'{}' is a word too many for {}; {}", word, command.name, help);
    return fmt::format("{} has no command '{}'; {}", command.name, word, advice);
}

}  // namespace plimsoll::cli
