// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/help/read_tree.h"

#include <algorithm>

#include <CLI/CLI.hpp>

#include "plimsoll/base/text.h"

namespace plimsoll::cli {
namespace {

/// "TEXT:{now,drain}" is what may be given as CLI11 tells it.
std::vector<std::string> choices_of(const std::string& type) {
    const std::size_t open = type.find('{'), close = type.find('}', open);
    if (open == std::string::npos || close == std::string::npos) return {};
    std::vector<std::string> choices;
    for (const std::string_view choice : split(std::string_view(type).substr(open + 1, close - open - 1), ','))
        choices.emplace_back(choice);
    return choices;
}

OptionHelp read_option(const CLI::Option& option) {
    const std::string type = option.get_type_name();
    OptionHelp read{.text = option.get_description(),
                    .is_required = option.get_required(),
                    .repeats = option.get_items_expected_max() > 1};
    read.choices = choices_of(type);
    if (option.get_positional()) {
        read.value = option.get_name(true);
        return read;
    }
    for (const std::string& name : option.get_snames()) read.names.push_back("-" + name);
    for (const std::string& name : option.get_lnames()) read.names.push_back("--" + name);
    if (option.get_items_expected_max() > 0) read.value = type.substr(0, type.find(':'));
    return read;
}

/// "Examples:\n  plimsoll report\n" below a command's help, a line each.
std::vector<Example> examples_in(const std::string& footer) {
    std::vector<Example> examples;
    for (const std::string_view line : split(footer, '\n'))
        if (line.starts_with("  ")) examples.push_back({std::string(line.substr(2)), ""});
    return examples;
}

}  // namespace

CommandHelp read_tree(const CLI::App& app) {
    CommandHelp command{.name = app.get_name(), .text = app.get_description()};
    command.needs_command = app.get_require_subcommand_min() > 0;
    for (const CLI::App* outer = app.get_parent(); outer; outer = outer->get_parent())
        command.name = outer->get_name() + " " + command.name;
    command.examples = examples_of(command.name);
    for (Example& example : examples_in(app.get_footer())) command.examples.push_back(std::move(example));
    for (const CLI::Option* option : app.get_options(nullptr)) {
        if (option->get_group().empty()) continue;
        (option->get_positional() ? command.arguments : command.options).push_back(read_option(*option));
    }
    for (const CLI::App* inner : app.get_subcommands(nullptr))
        if (!inner->get_group().empty()) command.commands.push_back(read_tree(*inner));
    return command;
}

}  // namespace plimsoll::cli
