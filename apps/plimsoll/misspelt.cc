// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/misspelt.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "plimsoll/base/text.h"

namespace plimsoll::cli {

namespace {

std::vector<std::string> words_of(const CommandHelp& command, bool options) {
    std::vector<std::string> words;
    for (const OptionHelp& option : command.options)
        if (options) words.insert(words.end(), option.names.begin(), option.names.end());
    for (const CommandHelp& each : command.commands)
        if (!options) words.emplace_back(each.last_word());
    return words;
}

/// What other tools call it.
std::optional<std::string_view> known_elsewhere_as(const std::string& word, const std::vector<std::string>& meant) {
    static constexpr std::pair<std::string_view, std::string_view> names[] = {
        {"-j", "--max-cpu"},        {"--jobs", "--max-cpu"}, {"-c", "--max-cpu"},   {"--cores", "--max-cpu"},
        {"--mem", "--max-memory"},  {"-resume", "--resume"}, {"-p", "--set"},       {"--dryrun", "--dry-run"},
        {"-with-report", "--html"}, {"slurm", "sacct"},      {"time", "gnu-time"},  {"log", "logs"},
        {"status", "watch"},        {"ps", "top"},           {"kill", "stop"},      {"cancel", "stop"},
        {"list", "history"},        {"runs", "history"},     {"validate", "check"}, {"lint", "check"}};
    for (const auto& [elsewhere, here] : names)
        if (elsewhere == word && std::ranges::find(meant, here) != meant.end()) return here;
    return std::nullopt;
}

}  // namespace

std::string not_understood(const CommandHelp& command, const std::string& word) {
    const bool is_option = word.starts_with('-');
    const std::string name = word.substr(0, word.find('='));
    const std::vector<std::string> meant = words_of(command, is_option);
    auto near = known_elsewhere_as(name, meant);
    // Any letter is as near to another as the next.
    if (!near && name.size() > 2) near = nearest_name(name, meant);
    constexpr std::size_t few = 8;
    const bool can_be_listed = !is_option && !meant.empty() && meant.size() <= few;
    const std::string help =
        can_be_listed ? "there is " + join(meant, ", ") : fmt::format("`{} --help` lists what there is", command.name);
    const std::string advice = near ? fmt::format("did you mean '{}'?", *near) : help;
    if (is_option) return fmt::format("{} has no option '{}'; {}", command.name, name, advice);
    if (command.commands.empty()) return fmt::format("'{}' is a word too many for {}; {}", word, command.name, help);
    return fmt::format("{} has no command '{}'; {}", command.name, word, advice);
}

std::string with_nearest_choice(const std::string& error) {
    const std::size_t colon = error.find(": "), open = error.find(" not in {"), close = error.rfind('}');
    if (colon == std::string::npos || open == std::string::npos || close == std::string::npos || open < colon)
        return error;
    const std::string given = error.substr(colon + 2, open - colon - 2);
    std::vector<std::string> choices;
    for (const std::string_view choice : split(std::string_view(error).substr(open + 9, close - open - 9), ','))
        choices.emplace_back(choice);
    const auto near = nearest_name(given, choices);
    return fmt::format("{}: '{}' is none of {}{}", error.substr(0, colon), given, join(choices, ", "),
                       near ? fmt::format("; did you mean '{}'?", *near) : "");
}

}  // namespace plimsoll::cli
