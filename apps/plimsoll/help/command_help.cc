// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/help/command_help.h"

#include <fmt/format.h>

#include <algorithm>

#include "apps/plimsoll/wrapped.h"
#include "plimsoll/base/text.h"

namespace plimsoll::cli {
namespace {

constexpr std::size_t left_column = 26;

std::string entry(const std::string& name, std::string_view text, std::size_t width) {
    std::string line = "  " + name;
    if (line.size() + 2 > left_column) line += "\n" + std::string(left_column, ' ');
    else line.resize(left_column, ' ');
    return line + wrapped(text, left_column, left_column, width);
}

std::string section(std::string_view title, const std::string& entries) {
    return entries.empty() ? "" : fmt::format("\n{}:\n{}", title, entries);
}

}  // namespace

const CommandHelp* CommandHelp::find(std::string_view word) const {
    const auto found =
        std::ranges::find_if(commands, [word](const CommandHelp& each) { return each.last_word() == word; });
    return found == commands.end() ? nullptr : &*found;
}

std::string_view CommandHelp::last_word() const {
    const std::size_t blank = name.rfind(' ');
    return std::string_view(name).substr(blank == std::string::npos ? 0 : blank + 1);
}

std::string value_of(const OptionHelp& option) {
    return option.choices.empty() ? option.value : join(option.choices, "|");
}

std::string spelling_of(const OptionHelp& option) {
    if (option.names.empty()) return option.value;
    const std::string value = value_of(option);
    return join(option.names, ", ") + (value.empty() ? "" : " " + value);
}

std::string usage_of(const CommandHelp& command) {
    std::string usage = command.name;
    if (!command.options.empty()) usage += " [OPTIONS]";
    if (command.name == "plimsoll exec") return usage + " [--] COMMAND [ARGUMENT...]";
    for (const OptionHelp& argument : command.arguments) {
        const std::string shown = argument.value + (argument.repeats ? "..." : "");
        usage += argument.is_required ? " " + shown : " [" + shown + "]";
    }
    if (command.commands.empty()) return usage;
    return usage + (command.needs_command ? " COMMAND" : " [COMMAND]");
}

std::string help_text(const CommandHelp& command, std::size_t width) {
    std::string text = wrapped(command.text, 0, 0, width);
    text += "\n" + wrapped("Usage: " + usage_of(command), 0, 7, width);
    std::string arguments, options, commands, examples;
    for (const OptionHelp& argument : command.arguments) arguments += entry(argument.value, argument.text, width);
    for (const OptionHelp& option : command.options) options += entry(spelling_of(option), option.text, width);
    for (const CommandHelp& each : command.commands) commands += entry(std::string(each.last_word()), each.text, width);
    for (const Example& example : command.examples) {
        examples += "  $ " + example.line + "\n";
        if (!example.says.empty()) examples += "      " + wrapped(example.says, 6, 6, width);
    }
    text += section("Arguments", arguments) + section("Commands", commands) + section("Options", options) +
            section("Examples", examples);
    if (!command.commands.empty())
        text += "\n" + wrapped(fmt::format("`{} COMMAND --help` tells more of each.", command.name), 0, 0, width);
    return text;
}

}  // namespace plimsoll::cli
