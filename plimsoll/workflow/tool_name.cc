// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/tool_name.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <span>
#include <vector>

#include "plimsoll/workflow/value.h"

namespace plimsoll::workflow {
namespace {

using Names = std::span<const std::string_view>;

// Words that another command follows.
constexpr std::string_view openers[] = {"if",    "then",    "else",    "elif",    "while",    "until",   "do",
                                        "!",     "{",       "(",       "exec",    "command",  "builtin", "sudo",
                                        "nohup", "time",    "env",     "nice",    "ionice",   "stdbuf",  "setsid",
                                        "chrt",  "numactl", "taskset", "timeout", "eatmydata"};
// Of these, what takes an argument of its own before the command.
constexpr std::string_view openers_with_argument[] = {"timeout", "taskset"};
// Options that take the next word.
constexpr std::string_view options_with_argument[] = {"-n", "-c", "-k", "-s", "-u", "-o", "-f", "-p"};
// Commands that prepare the real one.
constexpr std::string_view preparations[] = {
    "cd",   "mkdir", "set",   "export", "unset", "ulimit", "umask",   "trap",  "source", ".",       "module", "test",
    "[",    "[[",    "true",  ":",      "shopt", "local",  "declare", "wait",  "for",    "case",    "done",   "fi",
    "esac", "conda", "pushd", "popd",   "exit",  "return", "read",    "shift", "break",  "continue"};
// Commands that stand beside the real one; told only where there is no other.
constexpr std::string_view companions[] = {"echo", "printf", "rm",   "mv",    "cp",  "touch",
                                           "ln",   "cat",    "zcat", "chmod", "tee", "sync"};
// Programs whose first word is a pattern, a file or a number, not a subcommand.
constexpr std::string_view without_subcommand[] = {
    "grep",      "egrep", "fgrep", "zgrep",    "sed",  "awk",    "gawk",     "mawk",   "sort",  "uniq",
    "head",      "tail",  "wc",    "cut",      "tr",   "find",   "xargs",    "tar",    "gzip",  "gunzip",
    "bgzip",     "pigz",  "sleep", "seq",      "dd",   "diff",   "split",    "join",   "paste", "md5sum",
    "sha256sum", "curl",  "wget",  "parallel", "echo", "printf", "rm",       "mv",     "cp",    "touch",
    "ln",        "cat",   "zcat",  "chmod",    "tee",  "sync",   "truncate", "stress", "true",  "false"};
// Programs that run what their first file says.
constexpr std::string_view interpreters[] = {"python", "python2", "python3", "perl", "Rscript", "bash", "sh",
                                             "dash",   "zsh",     "java",    "node", "julia",   "ruby"};

bool among(Names names, std::string_view word) { return std::find(names.begin(), names.end(), word) != names.end(); }

bool is_assignment(std::string_view word) {
    const std::size_t equals = word.find('=');
    return equals != std::string_view::npos && equals > 0 &&
           std::all_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(equals),
                       [](unsigned char c) { return std::isalnum(c) || c == '_'; });
}

bool is_plain_word(std::string_view word) {
    return !word.empty() && std::isalpha(static_cast<unsigned char>(word.front())) &&
           std::all_of(word.begin(), word.end(),
                       [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '-'; });
}

/// A program's name as it can be told: not a variable, not an expression.
bool is_program(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
        return std::isalnum(c) || c >= 0x80 ||
               std::string_view("_-.+@%").find(static_cast<char>(c)) != std::string_view::npos;
    });
}

/// Splits a script into its simple commands, each into words; quotes are taken off, nothing is expanded.
class Splitter {
public:
    std::vector<std::vector<std::string>> split(std::string_view script) {
        for (const char c : script) add(c);
        end_command();
        return std::move(commands_);
    }

private:
    void add(char c) {
        if (comment_) {
            if (c != '\n') return;
            comment_ = false;
        }
        if (escaped_) {
            escaped_ = false;
            if (c != '\n') put(c);
        } else if (quote_ != 0) {
            c == quote_ ? void(quote_ = 0) : put(c);
        } else if (c == '\\') {
            escaped_ = true;
        } else if (c == '\'' || c == '"') {
            quote_ = c;
            in_word_ = true;
        } else if (c == '#' && !in_word_) {
            comment_ = true;
        } else if (std::string_view(";&|\n()").find(c) != std::string_view::npos) {
            end_command();
        } else if (c == ' ' || c == '\t') {
            end_word();
        } else {
            put(c);
        }
    }
    void put(char c) {
        word_ += c;
        in_word_ = true;
    }
    void end_word() {
        if (in_word_) words_.push_back(std::move(word_));
        word_.clear();
        in_word_ = false;
    }
    void end_command() {
        end_word();
        if (!words_.empty()) commands_.push_back(std::move(words_));
        words_.clear();
    }

    std::vector<std::vector<std::string>> commands_;
    std::vector<std::string> words_;
    std::string word_;
    bool in_word_ = false, escaped_ = false, comment_ = false;
    char quote_ = 0;
};

/// The command's words from its program on: assignments, wrappers and their options left out.
std::span<const std::string> unwrap(std::span<const std::string> words) {
    while (!words.empty()) {
        const std::string name = part_of(words.front(), Part::name);
        if (is_assignment(words.front())) {
            words = words.subspan(1);
            continue;
        }
        if (!among(openers, name)) return words;
        words = words.subspan(1);
        while (!words.empty() && words.front().starts_with('-')) {
            const bool with_argument = among(options_with_argument, words.front()) && words.size() > 1;
            words = words.subspan(with_argument ? 2 : 1);
        }
        if (among(openers_with_argument, name) && !words.empty()) words = words.subspan(1);
    }
    return words;
}

/// The script that an interpreter runs: the first word that is no option; none after -c and the like.
std::string script_of(std::span<const std::string> arguments) {
    for (const std::string& word : arguments) {
        if (word == "-c" || word == "-e") return "";
        if (!word.starts_with('-')) return is_program(part_of(word, Part::name)) ? " " + part_of(word, Part::name) : "";
    }
    return "";
}

std::string name_of(std::span<const std::string> words) {
    std::string name = part_of(words.front(), Part::name);
    if (words.size() == 1 || among(without_subcommand, name)) return name;
    if (among(interpreters, name)) return name + script_of(words.subspan(1));
    return is_plain_word(words[1]) ? name + " " + words[1] : name;
}

}  // namespace

std::string tool_name(std::string_view command) {
    std::string companion;
    for (const auto& all : Splitter().split(command)) {
        const std::span<const std::string> words = unwrap(all);
        if (words.empty()) continue;
        const std::string program = part_of(words.front(), Part::name);
        if (!is_program(program) || among(preparations, words.front())) continue;
        if (!among(companions, program)) return name_of(words);
        if (companion.empty()) companion = program;
    }
    return companion;
}

}  // namespace plimsoll::workflow
