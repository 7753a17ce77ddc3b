// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/render.h"

#include <fmt/format.h>

#include "plimsoll/base/text.h"

namespace plimsoll::workflow {
namespace {

bool has_known_modifier(const Placeholder& placeholder) {
    return placeholder.modifier.empty() || placeholder.modifier == "raw";
}

Mark place_of(const Placeholder& placeholder, const Template& text, const Problems& problems) {
    return problems.find(text.mark, placeholder.written, placeholder.nth);
}

/// What the placeholder stands for. Nothing: the problem is told. No values: it is no placeholder after
/// all ({word:word} of a name that nobody knows), but text.
std::optional<Resolved> look_up(const Placeholder& placeholder, const Template& text, const Scope& scope,
                                Problems& problems) {
    Result<Resolved> resolved = resolve(placeholder, scope);
    if (has_known_modifier(placeholder)) {
        if (resolved) return std::move(resolved).value();
        problems.add(place_of(placeholder, text, problems), resolved.error().message);
        return std::nullopt;
    }
    if (!resolved) return Resolved{};
    problems.add(
        place_of(placeholder, text, problems),
        fmt::format(
            "unknown modifier ':{}'; words are quoted for the shell without one, and ':raw' leaves them as they are",
            placeholder.modifier));
    return std::nullopt;
}

template <class Visit>
void for_each_word(const Resolved& resolved, const Visit& visit) {
    for (const Value* value : resolved.values)
        for (const std::string& word : value->words) visit(*value, word);
}

/// A pattern as a shell word: its wildcards live, all else protected.
std::string quote_pattern(std::string_view pattern) {
    std::string quoted;
    std::string plain;
    const auto flush = [&] {
        if (!plain.empty()) quoted += shell_quote(plain);
        plain.clear();
    };
    for (const char c : pattern) {
        if (std::string_view("*?[]!").find(c) == std::string_view::npos) {
            plain += c;
            continue;
        }
        flush();
        quoted += c;
    }
    flush();
    return quoted;
}

class CommandText {
public:
    CommandText(const Template& text, const Scope& scope, Problems& problems)
        : text_(text), scope_(scope), problems_(problems) {}

    std::optional<Command> render() {
        for (const Piece& piece : text_.pieces) {
            if (const auto* literal = std::get_if<std::string>(&piece)) command_.text += *literal;
            else add(std::get<Placeholder>(piece));
        }
        while (!command_.text.empty() && (command_.text.back() == '\n' || command_.text.back() == ' ')) {
            if (!command_.slots.empty() && command_.slots.back().offset == command_.text.size()) break;
            command_.text.pop_back();
        }
        if (failed_) return std::nullopt;
        return std::move(command_);
    }

private:
    void add(const Placeholder& placeholder) {
        if (scope_.has_allotment && has_known_modifier(placeholder)) {
            if (const auto what = allotted(placeholder)) {
                command_.slots.push_back({static_cast<std::uint32_t>(command_.text.size()), *what});
                return;
            }
        }
        const std::optional<Resolved> resolved = look_up(placeholder, text_, scope_, problems_);
        if (!resolved) return void(failed_ = true);
        if (resolved->values.empty()) return void(command_.text += placeholder.written);
        add_words(*resolved, placeholder);
    }
    void add_words(const Resolved& resolved, const Placeholder& placeholder) {
        bool first = true;
        for_each_word(resolved, [&](const Value& value, const std::string& word) {
            if (!std::exchange(first, false)) command_.text += ' ';
            add_word(value, word, resolved.part, placeholder);
        });
    }
    void add_word(const Value& value, const std::string& word, Part part, const Placeholder& placeholder) {
        std::string made = part == Part::whole ? word : part_of(word, part);
        if (value.is_path && !scope_.absolute_folder.empty() && !made.starts_with('/') &&
            (part == Part::whole || part == Part::dir))
            made = fmt::format("{}/{}", scope_.absolute_folder, made);
        if (placeholder.modifier == "raw") {
            command_.text += made;
            return;
        }
        const std::string quoted = value.has_patterns && is_glob(made) ? quote_pattern(made) : shell_quote(made);
        if (quoted != made && placeholder.within != ShellQuotes::Within::words) refuse_within_quotes(placeholder, made);
        command_.text += quoted;
    }
    void refuse_within_quotes(const Placeholder& placeholder, const std::string& word) {
        const bool document = placeholder.within == ShellQuotes::Within::here_document;
        failed_ = true;
        problems_.add(place_of(placeholder, text_, problems_),
                      fmt::format("'{}' is \"{}\", which is quoted for the shell, but stands within {}; {}",
                                  placeholder.written, word, document ? "a here-document" : "quotes",
                                  document ? "write ':raw' to have it as it is"
                                           : "take the quotes around it away, or write ':raw' if they protect it"));
    }

    const Template& text_;
    const Scope& scope_;
    Problems& problems_;
    Command command_;
    bool failed_ = false;
};

/// A piece of a template as words: one that goes into every word of the result, or one for each.
struct Filling {
    std::vector<std::string> words;
    bool is_list = false;
};

Filling fill(const Resolved& resolved) {
    Filling filling{.words = {}, .is_list = resolved.is_list()};
    filling.words.reserve(resolved.word_count());
    for_each_word(resolved, [&](const Value&, const std::string& word) {
        filling.words.push_back(resolved.part == Part::whole ? word : part_of(word, resolved.part));
    });
    return filling;
}

/// Puts the pieces side by side.
Value weave(const std::vector<Filling>& fillings, std::size_t count, bool is_list) {
    Value woven{.words = std::vector<std::string>(count), .is_list = is_list};
    for (const Filling& filling : fillings)
        for (std::size_t i = 0; i < count; ++i) woven.words[i] += filling.words[filling.is_list ? i : 0];
    return woven;
}

/// A template that is but one placeholder hands on what the value is, not only its words.
void inherit_kind(Value& woven, const Template& text, const Resolved& only) {
    if (text.pieces.size() != 1 || (only.part != Part::whole && only.part != Part::dir)) return;
    for (const Value* value : only.values) {
        woven.is_path |= value->is_path;
        woven.has_patterns |= value->has_patterns;
    }
}

}  // namespace

std::optional<Value> render_words(const Template& text, const Scope& scope, Problems& problems) {
    std::vector<Filling> fillings;
    std::optional<std::size_t> width;
    Resolved last;
    bool failed = false;
    for (const Piece& piece : text.pieces) {
        if (const auto* literal = std::get_if<std::string>(&piece)) {
            fillings.push_back({.words = {*literal}});
            continue;
        }
        const auto& placeholder = std::get<Placeholder>(piece);
        std::optional<Resolved> resolved = look_up(placeholder, text, scope, problems);
        failed |= !resolved;
        if (!resolved) continue;
        fillings.push_back(resolved->values.empty() ? Filling{.words = {placeholder.written}} : fill(*resolved));
        last = std::move(*resolved);
        if (!fillings.back().is_list) continue;
        const std::size_t count = fillings.back().words.size();
        if (width.value_or(count) != count) {
            problems.add(place_of(placeholder, text, problems),
                         fmt::format("'{}' has {} items, but another list of this text has {}; lists that stand "
                                     "together go side by side "
                                     "and must be of one length",
                                     placeholder.written, count, *width));
            failed = true;
        }
        width = width.value_or(count);
    }
    if (failed) return std::nullopt;
    Value woven = weave(fillings, width.value_or(1), width.has_value());
    inherit_kind(woven, text, last);
    return woven;
}

std::optional<std::string> render_text(const Template& text, const Scope& scope, Problems& problems) {
    const std::optional<Value> value = render_words(text, scope, problems);
    if (!value) return std::nullopt;
    return join(value->words, " ");
}

std::optional<Command> render_command(const Template& text, const Scope& scope, Problems& problems) {
    return CommandText(text, scope, problems).render();
}

}  // namespace plimsoll::workflow
