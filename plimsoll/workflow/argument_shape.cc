// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/argument_shape.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>
#include <string_view>

#include "plimsoll/base/hash.h"
#include "plimsoll/base/text.h"
#include "plimsoll/base/units.h"
#include "plimsoll/workflow/tool_name.h"
#include "plimsoll/workflow/value.h"

namespace plimsoll::workflow {
namespace {

constexpr std::size_t longest_shape = 200;
constexpr std::size_t longest_extension = 12;

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

/// "12", "-1.5", "1e6", and sizes ("4G", "512MiB").
std::optional<double> number_of(std::string_view word) {
    if (word.empty() || !(is_digit(word.front()) || ((word.front() == '-' || word.front() == '.') && word.size() > 1)))
        return std::nullopt;
    double number = 0;
    const auto [end, failed] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (failed == std::errc() && end == word.data() + word.size()) return number;
    if (!is_digit(word.front())) return std::nullopt;
    if (const auto bytes = parse_bytes(word)) return static_cast<double>(bytes->count);
    return std::nullopt;
}

/// "*.fq.gz" of "reads/s1.fq.gz"; "" of a word without an extension.
std::string kind_of_file(std::string_view word) {
    const std::string name = part_of(word, Part::name);
    if (name.empty() || name.front() == '.') return {};
    const std::string extension = part_of(word, Part::ext);
    const bool is_plain = !extension.empty() && extension.size() <= longest_extension &&
                          std::ranges::all_of(extension, [](unsigned char c) { return std::isalnum(c) || c == '.'; });
    return is_plain ? "*." + extension : "";
}

class Reader {
public:
    explicit Reader(ArgumentShape& found) : found_(found) {}

    void read(const std::string& word) {
        if (is_option(word)) return read_option(word);
        add(shape_of(word, option_.empty() ? "" : option_));
        option_.clear();
    }
    std::string shape() const { return join(parts_, " "); }

private:
    static bool is_option(std::string_view word) {
        return word.size() > 1 && word.front() == '-' && !number_of(word) && word != "--";
    }

    void read_option(const std::string& word) {
        const std::size_t equals = word.find('=');
        option_.clear();
        if (equals != std::string::npos) {
            const std::string name = word.substr(0, equals);
            return add(name + "=" + shape_of(word.substr(equals + 1), name));
        }
        // "-j8": a letter with its number.
        const bool has_number =
            word.size() > 2 && word[1] != '-' && std::all_of(word.begin() + 2, word.end(), is_digit);
        if (has_number) {
            const std::string name = word.substr(0, 2);
            return add(name + shape_of(word.substr(2), name));
        }
        option_ = word;
        add(word);
    }

    std::string shape_of(const std::string& word, const std::string& option) {
        if (const auto number = number_of(word)) {
            found_.numbers.emplace_back(option.empty() ? "#" + std::to_string(++unnamed_) : option, *number);
            return "#";
        }
        found_.maybe_files.push_back(word);
        // A script in one word, as after `sh -c`: told by what it runs.
        if (word.find_first_of(" \t\n") != std::string::npos) {
            const std::string tool = tool_name(word);
            return tool.empty() ? "_" : "'" + tool + "'";
        }
        const std::string kind = kind_of_file(word);
        return kind.empty() ? "_" : kind;
    }

    /// Several of one kind in a row count as one: how many there are is a matter of size.
    void add(std::string part) {
        const bool is_option = part.front() == '-';
        if (!is_option && !parts_.empty() && parts_.back() == part + "...") return;
        if (!is_option && !parts_.empty() && parts_.back() == part) parts_.back() += "...";
        else parts_.push_back(std::move(part));
    }

    ArgumentShape& found_;
    std::vector<std::string> parts_;
    std::string option_;  ///< the word before, where it was an option
    int unnamed_ = 0;
};

std::string within_length(std::string shape) {
    if (shape.size() <= longest_shape) return shape;
    const std::string rest = hash_of(shape).hex().substr(0, 8);
    shape.resize(longest_shape - rest.size() - 1);
    return shape + "~" + rest;
}

}  // namespace

ArgumentShape argument_shape(std::span<const std::string> words) {
    std::vector<std::string> quoted;
    for (const std::string& word : words) quoted.push_back(shell_quote(word));
    ArgumentShape found;
    found.tool = tool_name(join(quoted, " "));
    if (found.tool.empty()) found.tool = part_of(words.front(), Part::name);
    Reader reader(found);
    // What the tool's name holds already is not told twice: "bwa mem", "python3 train.py".
    std::vector<std::string> named;
    for (const std::string_view part : split(found.tool, ' ')) named.emplace_back(part);
    std::size_t next = 0;
    for (std::size_t at = 0; at < words.size(); ++at) {
        const bool is_named = next < named.size() && part_of(words[at], Part::name) == named[next];
        if (is_named) ++next;
        else if (at > 0) reader.read(words[at]);
    }
    const std::string rest = reader.shape();
    found.shape = within_length(rest.empty() ? found.tool : found.tool + " " + rest);
    return found;
}

}  // namespace plimsoll::workflow
