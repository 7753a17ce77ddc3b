// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>

#include "plimsoll/base/text.h"
#include "plimsoll/workflow/render.h"

namespace plimsoll::workflow {
namespace {

/// {depth} without quotes is a map to YAML: one key without a value.
bool looks_like_unquoted_placeholder(const Node& node) {
    return node.is_map() && node.entries.size() == 1 && node.entries.front().value.is_null();
}

void reject_not_text(const Node& node, std::string_view what, Reading& reading) {
    if (looks_like_unquoted_placeholder(node))
        reading.problems.add(node.mark, fmt::format("{} begins with '{{', which is a map to YAML; quote it: \"{{{}}}\"",
                                                    what, node.entries.front().key));
    else
        reading.problems.add(node.mark, fmt::format("{} must be text, not {}; write it on one line, or as a block (|)",
                                                    what, kind_name(node)));
}

std::string unknown_key(std::string_view key, std::string_view what, std::span<const std::string_view> known) {
    const std::vector<std::string> names(known.begin(), known.end());
    if (const auto near = nearest_name(key, names))
        return fmt::format("unknown key '{}' in {}; did you mean '{}'?", key, what, *near);
    return fmt::format("unknown key '{}' in {}; known are {}", key, what, join(names, ", "));
}

}  // namespace

std::optional<std::string> plain_text(const Node& node, std::string_view what, Reading& reading) {
    if (!node.is_scalar()) {
        reject_not_text(node, what, reading);
        return std::nullopt;
    }
    if (node.text.find('\0') != std::string::npos) {
        reading.problems.add(node.mark,
                             fmt::format("{} holds a zero byte, which no path or command can; take it away", what));
        return std::nullopt;
    }
    return node.text;
}

std::optional<Template> template_text(const Node& node, std::string_view what, Reading& reading) {
    const auto text = plain_text(node, what, reading);
    if (!text) return std::nullopt;
    return parse_template(*text, node.mark);
}

std::optional<std::string> settled_text(const Node& node, std::string_view what, Reading& reading) {
    const std::optional<Template> text = template_text(node, what, reading);
    if (!text) return std::nullopt;
    const std::string place = fmt::format("in {}, which all tasks of a step share", what);
    return render_text(
        *text, {.globals = &reading.globals, .secrets = reading.secrets, .place = place, .shared_by_tasks = true},
        reading.problems);
}

std::vector<std::pair<std::string, Mark>> text_list(const Node& node, std::string_view what, Reading& reading) {
    std::vector<std::pair<std::string, Mark>> texts;
    const auto add = [&](const Node& item) {
        if (auto text = plain_text(item, what, reading)) texts.emplace_back(std::move(*text), item.mark);
    };
    if (!node.is_list()) add(node);
    for (const Node& item : node.items) add(item);
    return texts;
}

Fields::Fields(const Node& node, std::string_view what, std::span<const std::string_view> known, Reading& reading)
    : node_(node), reading_(reading) {
    if (!node.is_map())
        reading.problems.add(node.mark,
                             fmt::format("{} must be a map of keys, not {}; known keys are {}", what, kind_name(node),
                                         join(std::vector<std::string>(known.begin(), known.end()), ", ")));
    for (const Entry& entry : node.entries) {
        if (std::find(known.begin(), known.end(), entry.key) == known.end())
            reading.problems.add(entry.mark, unknown_key(entry.key, what, known));
        else if (entry.value.is_null())
            reading.problems.add(entry.mark,
                                 fmt::format("'{}' has no value; give it one, or take the key away", entry.key));
    }
}

const Node* Fields::find(std::string_view key) const {
    const Node* node = workflow::find(node_, key);
    return node == nullptr || node->is_null() ? nullptr : node;
}

std::optional<std::string> Fields::text(std::string_view key) const {
    const Node* node = find(key);
    if (node == nullptr) return std::nullopt;
    return settled_text(*node, fmt::format("'{}'", key), reading_);
}

std::optional<double> Fields::number(std::string_view key, double least, double most) const {
    const std::optional<std::string> spelt = text(key);
    if (!spelt) return std::nullopt;
    double value = 0;
    const auto [end, error] = std::from_chars(spelt->data(), spelt->data() + spelt->size(), value);
    if (error == std::errc() && end == spelt->data() + spelt->size() && value >= least && value <= most) return value;
    reading_.problems.add(find(key)->mark, fmt::format("'{}' is not a number from {} to {}; write one for '{}'", *spelt,
                                                       least, most, key));
    return std::nullopt;
}

std::optional<bool> Fields::flag(std::string_view key) const {
    const std::optional<std::string> spelt = text(key);
    if (!spelt) return std::nullopt;
    if (*spelt == "true" || *spelt == "false") return *spelt == "true";
    reading_.problems.add(find(key)->mark,
                          fmt::format("'{}' is neither true nor false; write one of them for '{}'", *spelt, key));
    return std::nullopt;
}

bool is_identifier(std::string_view name, bool with_dashes) {
    const auto letter = [](char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_'; };
    return !name.empty() && letter(name.front()) && std::all_of(name.begin(), name.end(), [&](char c) {
        return letter(c) || std::isdigit(static_cast<unsigned char>(c)) || (with_dashes && c == '-');
    });
}

}  // namespace plimsoll::workflow
