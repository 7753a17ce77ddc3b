// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/template.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <unordered_map>

namespace plimsoll::workflow {
namespace {

bool begins_identifier(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_'; }
bool in_identifier(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

std::optional<std::string> take_identifier(std::string_view& text, bool with_dashes) {
    if (text.empty() || !begins_identifier(text.front())) return std::nullopt;
    std::size_t length = 1;
    while (length < text.size() && (in_identifier(text[length]) || (with_dashes && text[length] == '-'))) ++length;
    std::string name(text.substr(0, length));
    text.remove_prefix(length);
    return name;
}

/// The placeholder that the text begins with, if it does.
std::optional<Placeholder> placeholder_at(std::string_view text) {
    std::string_view rest = text.substr(1);
    Placeholder found;
    do {
        if (!found.path.empty()) rest.remove_prefix(1);
        // The names of steps may hold dashes, and stand only after "steps."
        auto name = take_identifier(rest, !found.path.empty() && found.path.front() == "steps");
        if (!name) return std::nullopt;
        found.path.push_back(std::move(*name));
    } while (rest.starts_with('.'));
    if (rest.starts_with(':')) {
        rest.remove_prefix(1);
        auto modifier = take_identifier(rest, false);
        if (!modifier) return std::nullopt;
        found.modifier = std::move(*modifier);
    }
    if (!rest.starts_with('}')) return std::nullopt;
    found.written = text.substr(0, text.size() - rest.size() + 1);
    return found;
}

class Parser {
public:
    explicit Parser(std::string_view text) : rest_(text) {}

    std::vector<Piece> parse() {
        while (!rest_.empty()) step();
        flush();
        return std::move(pieces_);
    }

private:
    void step() {
        if (rest_.starts_with("${")) return take(2, "${");
        if (rest_.starts_with("{{")) {
            ++doubled_;
            return take(2, "{");
        }
        if (doubled_ > 0 && rest_.starts_with("}}")) {
            --doubled_;
            return take(2, "}");
        }
        if (rest_.front() == '{') {
            if (auto found = placeholder_at(rest_)) return add(std::move(*found));
        }
        take(1, rest_.substr(0, 1));
    }
    void take(std::size_t length, std::string_view as) {
        literal_ += as;
        quotes_.read(as);
        rest_.remove_prefix(length);
    }
    void add(Placeholder placeholder) {
        flush();
        placeholder.within = quotes_.within();
        placeholder.nth = seen_[placeholder.written]++;
        rest_.remove_prefix(placeholder.written.size());
        quotes_.read('x');  // stands for whatever it becomes
        pieces_.push_back(std::move(placeholder));
    }
    void flush() {
        if (!literal_.empty()) pieces_.push_back(std::move(literal_));
        literal_.clear();
    }

    std::string_view rest_;
    std::vector<Piece> pieces_;
    std::string literal_;
    std::unordered_map<std::string, int> seen_;
    ShellQuotes quotes_;
    int doubled_ = 0;
};

}  // namespace

Template parse_template(std::string source, Mark mark) {
    std::vector<Piece> pieces = Parser(source).parse();
    return {.source = std::move(source), .mark = mark, .pieces = std::move(pieces)};
}

Template literal_template(std::string text, Mark mark) {
    return {.source = text, .mark = mark, .pieces = {Piece(text)}};
}

bool has_placeholders(const Template& text) {
    return std::any_of(text.pieces.begin(), text.pieces.end(),
                       [](const Piece& piece) { return std::holds_alternative<Placeholder>(piece); });
}

bool mentions(const Template& text, std::string_view root) {
    return std::any_of(text.pieces.begin(), text.pieces.end(), [&](const Piece& piece) {
        const auto* placeholder = std::get_if<Placeholder>(&piece);
        return placeholder != nullptr && placeholder->path.front() == root;
    });
}

}  // namespace plimsoll::workflow
