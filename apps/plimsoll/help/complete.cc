// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/help/complete.h"

#include <algorithm>

namespace plimsoll::cli {
namespace {

/// What the words before the last say.
struct Standing {
    const CommandHelp* command = nullptr;
    const OptionHelp* awaited = nullptr;  ///< the option whose value comes next
    std::vector<std::string> arguments;   ///< given so far, by their place
    std::string history;                  ///< --history
    std::vector<Candidate> commands;      ///< of the program
    std::size_t command_at = 0;           ///< as in Offered
};

const OptionHelp* option_called(const CommandHelp& command, std::string_view name) {
    for (const OptionHelp& option : command.options)
        if (std::ranges::find(option.names, name) != option.names.end()) return &option;
    return nullptr;
}

bool runs_another(const CommandHelp& command) { return command.name == "plimsoll exec"; }

class Reader {
public:
    explicit Reader(const CommandHelp& program) {
        standing_.command = &program;
        for (const CommandHelp& each : program.commands)
            standing_.commands.push_back({std::string(each.last_word()), each.text});
    }

    /// False once the rest is another program's.
    bool read(const std::string& word, std::size_t place) {
        if (standing_.awaited) {
            if (standing_.awaited->names.back() == "--history") standing_.history = word;
            standing_.awaited = nullptr;
            return true;
        }
        const bool is_option = word.starts_with('-') && word.size() > 1;
        if (runs_another(*standing_.command) && (!is_option || word == "--")) {
            standing_.command_at = word == "--" ? place + 1 : place;
            return false;
        }
        if (is_option) read_option(word);
        else if (const CommandHelp* inner = standing_.command->find(word)) standing_.command = inner;
        else standing_.arguments.push_back(word);
        return true;
    }
    const Standing& standing() const { return standing_; }

private:
    void read_option(const std::string& word) {
        const std::size_t equals = word.find('=');
        const OptionHelp* option = option_called(*standing_.command, word.substr(0, equals));
        if (!option || value_of(*option).empty()) return;
        if (equals == std::string::npos) standing_.awaited = option;
        else if (option->names.back() == "--history") standing_.history = word.substr(equals + 1);
    }

    Standing standing_;
};

/// Of the places that take no option: the one that comes next; the last one where it repeats.
const OptionHelp* next_argument(const Standing& standing) {
    const std::vector<OptionHelp>& all = standing.command->arguments;
    if (standing.arguments.size() < all.size()) return &all[standing.arguments.size()];
    return !all.empty() && all.back().repeats ? &all.back() : nullptr;
}

void offer_values(const OptionHelp& option, const Standing& standing, const Lookups& lookups, Offered& offered) {
    const auto add = [&offered](std::vector<Candidate> found) {
        offered.words.insert(offered.words.end(), found.begin(), found.end());
    };
    for (const std::string& choice : option.choices) offered.words.push_back({choice, ""});
    if (!option.choices.empty()) return;
    const std::string first = standing.arguments.empty() ? "" : standing.arguments.front();
    if (option.value == "COMMAND") add(standing.commands);
    else if (option.value == "RUN") add(lookups.runs(standing.history));
    else if (option.value == "TASK") add(lookups.tasks(standing.history, first));
    else if (option.value == "STEP") add(lookups.steps(first));
    else if (option.value == "WORKFLOW") add(lookups.workflows(standing.history));
    else offered.files = option.value.find("FILE") != std::string::npos || option.value == "FOLDER";
}

void offer_options(const CommandHelp& command, Offered& offered) {
    for (const OptionHelp& option : command.options)
        for (const std::string& name : option.names) offered.words.push_back({name, option.text});
}

/// "--shape=fl": the values, each with what stands before it.
void offer_joined_values(const std::string& typed, const Standing& standing, const Lookups& lookups, Offered& offered) {
    const std::size_t equals = typed.find('=');
    const OptionHelp* option = option_called(*standing.command, typed.substr(0, equals));
    if (!option) return;
    offer_values(*option, standing, lookups, offered);
    for (Candidate& candidate : offered.words) candidate.word.insert(0, typed.substr(0, equals + 1));
}

}  // namespace

Offered complete(const CommandHelp& program, std::span<const std::string> words, const Lookups& lookups) {
    Offered offered;
    Reader reader(program);
    for (std::size_t at = 0; at + 1 < words.size(); ++at)
        if (!reader.read(words[at], at + 1)) {
            offered.command_at = reader.standing().command_at;
            return offered;
        }
    const std::string typed = words.empty() ? "" : words.back();
    const Standing& standing = reader.standing();
    if (standing.awaited) offer_values(*standing.awaited, standing, lookups, offered);
    else if (typed.starts_with('-') && typed.find('=') != std::string::npos)
        offer_joined_values(typed, standing, lookups, offered);
    else if (typed.starts_with('-')) offer_options(*standing.command, offered);
    else if (runs_another(*standing.command)) offered.command_at = words.size();
    else {
        const bool is_lost = !standing.arguments.empty();  // behind a word that is no command
        for (const CommandHelp& inner : standing.command->commands)
            if (!is_lost) offered.words.push_back({std::string(inner.last_word()), inner.text});
        if (const OptionHelp* argument = next_argument(standing)) offer_values(*argument, standing, lookups, offered);
    }
    std::erase_if(offered.words, [&](const Candidate& each) { return !each.word.starts_with(typed); });
    return offered;
}

}  // namespace plimsoll::cli
