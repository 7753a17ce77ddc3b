// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/base/text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace plimsoll {
namespace {

bool is_safe_unquoted(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) ||
           std::string_view("_-./:=@%+,").find(c) != std::string_view::npos;
}

// Words that only a shell understands in first position; a command of that name on PATH would behave
// otherwise than the user's shell does.
constexpr std::array<std::string_view, 42> shell_words = {
    ".",        ":",    "[[",    "alias", "bg",   "break",  "case",  "cd",       "command", "continue", "do",
    "done",     "elif", "else",  "esac",  "eval", "exec",   "exit",  "export",   "fg",      "fi",       "for",
    "function", "hash", "if",    "in",    "jobs", "local",  "read",  "readonly", "return",  "set",      "shift",
    "source",   "then", "times", "trap",  "type", "ulimit", "umask", "until",    "while"};

bool needs_shell(char c) { return std::string_view("|&;<>()$`*?[]#~{}!\n").find(c) != std::string_view::npos; }

struct WordReader {
    std::string_view rest;
    std::string word;
    bool in_word = false;

    /// Takes one quoted stretch or plain character; false when only a shell can read it.
    bool take() {
        const char c = rest.front();
        rest.remove_prefix(1);
        if (c == '\'') return take_single_quoted();
        if (c == '"') return take_double_quoted();
        if (needs_shell(c)) return false;
        if (c == '\\') return take_escaped();
        in_word = true;
        word += c;
        return true;
    }

private:
    bool take_single_quoted() {
        const std::size_t end = rest.find('\'');
        if (end == std::string_view::npos) return false;
        word += rest.substr(0, end);
        rest.remove_prefix(end + 1);
        in_word = true;
        return true;
    }
    bool take_double_quoted() {
        in_word = true;
        while (!rest.empty() && rest.front() != '"') {
            char c = rest.front();
            if (c == '$' || c == '`') return false;
            rest.remove_prefix(1);
            if (c == '\\' && !rest.empty() &&
                std::string_view("$`\"\\\n").find(rest.front()) != std::string_view::npos) {
                c = rest.front();
                rest.remove_prefix(1);
                if (c == '\n') continue;
            }
            word += c;
        }
        if (rest.empty()) return false;
        rest.remove_prefix(1);
        return true;
    }
    bool take_escaped() {
        if (rest.empty()) return false;
        if (rest.front() != '\n') {
            word += rest.front();
            in_word = true;
        }
        rest.remove_prefix(1);
        return true;
    }
};

bool begins_with_shell_word(std::string_view first) {
    return std::find(shell_words.begin(), shell_words.end(), first) != shell_words.end() ||
           first.find('=') != std::string_view::npos;
}

/// The end of a bracket expression that starts at pattern[0] == '[', and whether c is in it.
bool bracket_matches(std::string_view& pattern, char c) {
    const std::size_t close = pattern.find(']', pattern.size() > 1 && (pattern[1] == '!' || pattern[1] == '^') ? 3 : 2);
    if (close == std::string_view::npos) {
        pattern.remove_prefix(1);
        return c == '[';
    }
    std::string_view set = pattern.substr(1, close - 1);
    pattern.remove_prefix(close + 1);
    const bool negated = set.front() == '!' || set.front() == '^';
    if (negated) set.remove_prefix(1);
    bool found = false;
    for (std::size_t i = 0; i < set.size(); ++i) {
        if (i + 2 < set.size() && set[i + 1] == '-') {
            found |= set[i] <= c && c <= set[i + 2];
            i += 2;
        } else {
            found |= set[i] == c;
        }
    }
    return found != negated && c != '/';
}

/// Takes the element before the next '*' off the pattern and the character off the path, if they agree.
bool take_one(std::string_view& pattern, std::string_view& path) {
    if (path.empty()) return false;
    const char c = path.front();
    if (pattern.front() == '[') {
        if (!bracket_matches(pattern, c)) return false;
    } else {
        if (pattern.front() == '?' ? c == '/' : pattern.front() != c) return false;
        pattern.remove_prefix(1);
    }
    path.remove_prefix(1);
    return true;
}

}  // namespace

std::string shell_quote(std::string_view text) {
    if (!text.empty() && std::all_of(text.begin(), text.end(), is_safe_unquoted)) return std::string(text);
    std::string quoted = "'";
    for (const char c : text) {
        if (c == '\'') quoted += "'\\''";
        else quoted += c;
    }
    return quoted + "'";
}

std::string html_escaped(std::string_view text) {
    std::string html;
    for (const char c : text) {
        if (c == '<') html += "&lt;";
        else if (c == '>') html += "&gt;";
        else if (c == '&') html += "&amp;";
        else if (c == '"') html += "&quot;";
        else html += c;
    }
    return html;
}

std::optional<std::vector<std::string>> simple_command(std::string_view line) {
    while (!line.empty() && std::isspace(static_cast<unsigned char>(line.back()))) line.remove_suffix(1);
    std::vector<std::string> words;
    WordReader reader{.rest = line, .word = {}};
    while (!reader.rest.empty()) {
        if (reader.rest.front() != ' ' && reader.rest.front() != '\t') {
            if (!reader.take()) return std::nullopt;
            continue;
        }
        reader.rest.remove_prefix(1);
        if (reader.in_word) words.push_back(std::exchange(reader.word, {}));
        reader.in_word = false;
    }
    if (reader.in_word) words.push_back(std::move(reader.word));
    if (words.empty() || words.front().empty() || begins_with_shell_word(words.front())) return std::nullopt;
    return words;
}

std::optional<std::string_view> nearest_name(std::string_view name, std::span<const std::string> candidates) {
    // What was cut short is meant before what was mistyped.
    constexpr std::size_t least_beginning = 3;
    const auto begins = [&](const std::string& candidate) { return candidate.starts_with(name); };
    if (name.size() >= least_beginning && std::ranges::count_if(candidates, begins) == 1)
        return *std::ranges::find_if(candidates, begins);
    std::optional<std::string_view> best;
    std::size_t least = (name.size() + 2) / 3 + 1;
    for (const std::string& candidate : candidates) {
        // Damerau's distance, optimal string alignment: three rows of the table suffice.
        std::vector<std::size_t> before(candidate.size() + 1), last(candidate.size() + 1), row(candidate.size() + 1);
        for (std::size_t j = 0; j <= candidate.size(); ++j) row[j] = j;
        for (std::size_t i = 1; i <= name.size(); ++i) {
            std::swap(before, last);
            std::swap(last, row);
            row[0] = i;
            for (std::size_t j = 1; j <= candidate.size(); ++j) {
                row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (name[i - 1] != candidate[j - 1])});
                if (i > 1 && j > 1 && name[i - 1] == candidate[j - 2] && name[i - 2] == candidate[j - 1])
                    row[j] = std::min(row[j], before[j - 2] + 1);
            }
        }
        if (row.back() < least) {
            least = row.back();
            best = candidate;
        }
    }
    return best;
}

// Two levels of backtracking are enough: a later '*' makes every choice of an earlier one good, and
// likewise for '**'; so the time is at most pattern x path x components, never exponential.
bool glob_matches(std::string_view pattern, std::string_view path) {
    std::string_view star_pattern, star_path, deep_pattern, deep_path;
    bool has_star = false, has_deep = false;
    while (true) {
        if (pattern.starts_with("**")) {
            pattern.remove_prefix(2);
            if (pattern.starts_with("/") && (path.empty() || path.front() != '/')) {
                // "a/**/b" also matches "a/b": the slash after ** belongs to the components it stands for.
                if (glob_matches(pattern.substr(1), path)) return true;
            }
            has_deep = true, has_star = false;
            deep_pattern = pattern, deep_path = path;
            continue;
        }
        if (pattern.starts_with("*")) {
            pattern.remove_prefix(1);
            has_star = true;
            star_pattern = pattern, star_path = path;
            continue;
        }
        if (pattern.empty() && path.empty()) return true;
        if (!pattern.empty() && take_one(pattern, path)) continue;
        if (has_star && !star_path.empty() && star_path.front() != '/') {
            star_path.remove_prefix(1);
            pattern = star_pattern, path = star_path;
            continue;
        }
        if (!has_deep || deep_path.empty()) return false;
        deep_path.remove_prefix(1);
        has_star = false;
        pattern = deep_pattern, path = deep_path;
    }
}

bool is_glob(std::string_view text) { return text.find_first_of("*?[") != std::string_view::npos; }

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
    std::string all;
    for (const std::string& part : parts) {
        if (&part != parts.data()) all += separator;
        all += part;
    }
    return all;
}

}  // namespace plimsoll
