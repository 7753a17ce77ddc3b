// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/toml.h"

#define TOML_EXCEPTIONS 0
#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include <toml++/toml.h>

#include "plimsoll/base/text.h"

namespace plimsoll::simulate {
namespace {

Result<std::string> scalar_of(const toml::node& node) {
    if (const auto text = node.value_exact<std::string>()) return *text;
    if (const auto flag = node.value_exact<bool>()) return std::string(*flag ? "true" : "false");
    if (const auto whole = node.value_exact<std::int64_t>()) return fmt::format("{}", *whole);
    if (const auto number = node.value_exact<double>()) return fmt::format("{}", *number);
    return invalid("expected a text or a number");
}

Result<TomlValue> value_of(const toml::node& node) {
    TomlValue value{.line = node.source().begin.line, .column = node.source().begin.column};
    if (const toml::table* table = node.as_table()) {
        value.kind = TomlValue::Kind::table;
        for (const auto& [key, inner] : *table) value.keys.emplace(key.str(), PLIM_TRY(value_of(inner)));
    } else if (const toml::array* list = node.as_array()) {
        value.kind = TomlValue::Kind::list;
        for (const toml::node& item : *list) value.items.push_back(PLIM_TRY(value_of(item)));
    } else {
        auto text = scalar_of(node);
        if (!text) return at(value, text.error().message);
        value.text = std::move(*text);
    }
    return value;
}

/// Numbers and flags as they are, all else in quotes.
std::string scalar_text(const std::string& text) {
    if (text == "true" || text == "false" || (!text.starts_with('x') && parse_number(text))) return text;
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return quoted + "\"";
}

std::string inline_text(const TomlValue& value) {
    std::vector<std::string> parts;
    for (const auto& [key, inner] : value.keys) parts.push_back(key + " = " + inline_text(inner));
    for (const TomlValue& item : value.items) parts.push_back(inline_text(item));
    switch (value.kind) {
        case TomlValue::Kind::scalar: return scalar_text(value.text);
        case TomlValue::Kind::list: return "[" + join(parts, ", ") + "]";
        case TomlValue::Kind::table: return "{" + join(parts, ", ") + "}";
    }
    return {};
}

}  // namespace

std::string format_toml(const TomlValue& root) {
    std::string text;
    for (const auto& [key, value] : root.keys) {
        if (key == "step") continue;
        if (value.kind != TomlValue::Kind::list) {
            text += key + " = " + inline_text(value) + "\n";
            continue;
        }
        text += key + " = [\n";
        for (const TomlValue& item : value.items) text += "    " + inline_text(item) + ",\n";
        text += "]\n";
    }
    const auto steps = root.keys.find("step");
    if (steps == root.keys.end() || steps->second.keys.empty()) return text;
    text += "[step]\n";
    for (const auto& [name, step] : steps->second.keys) text += name + " = " + inline_text(step) + "\n";
    return text;
}

Result<TomlValue> parse_toml(std::string_view text) {
    const toml::parse_result parsed = toml::parse(text);
    if (parsed) return value_of(parsed.table());
    const auto where = parsed.error().source().begin;
    return invalid(fmt::format("{}:{}: {}", where.line, where.column, parsed.error().description()));
}

Error at(const TomlValue& value, std::string_view what) {
    return invalid(fmt::format("{}:{}: {}", value.line, value.column, what));
}

Result<void> read_table(const TomlValue& value, const std::map<std::string_view, Read>& keys) {
    if (value.kind != TomlValue::Kind::table) return at(value, "expected a table");
    for (const auto& [key, inner] : value.keys) {
        const auto known = keys.find(key);
        if (known != keys.end()) {
            PLIM_TRY(known->second(inner));
            continue;
        }
        std::vector<std::string> names;
        for (const auto& [name, read] : keys) names.emplace_back(name);
        const auto near = nearest_name(key, names);
        return at(inner, near ? fmt::format("unknown key '{}'; did you mean '{}'?", key, *near)
                              : fmt::format("unknown key '{}'; there are: {}", key, join(names, ", ")));
    }
    return {};
}

Result<void> each(const TomlValue& value, const Read& read) {
    if (value.kind != TomlValue::Kind::list) return at(value, "expected a list of tables, [[...]]");
    for (const TomlValue& item : value.items) PLIM_TRY(read(item));
    return {};
}

Result<std::string> text_of(const TomlValue& value) {
    if (value.kind != TomlValue::Kind::scalar) return at(value, "expected a text or a number");
    return value.text;
}

Read texts(std::vector<std::string>& list) {
    return [&list](const TomlValue& value) -> Result<void> {
        if (value.kind != TomlValue::Kind::list) return at(value, "expected a list");
        for (const TomlValue& item : value.items) list.push_back(PLIM_TRY(text_of(item)));
        return {};
    };
}

Result<double> parse_number(std::string_view text) {
    const std::string_view digits = text.starts_with('x') ? text.substr(1) : text;
    double number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc() || end != digits.data() + digits.size() || !std::isfinite(number))
        return invalid(fmt::format("'{}' is not a number", text));
    return number;
}

Result<int> parse_count(std::string_view text) {
    int count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc() || end != text.data() + text.size() || count < 0)
        return invalid(fmt::format("'{}' is not a count; write a whole number", text));
    return count;
}

Result<bool> parse_flag(std::string_view text) {
    if (text == "true" || text == "false") return text == "true";
    return invalid("expected true or false");
}

Result<std::string> parse_text(std::string_view text) { return std::string(text); }

}  // namespace plimsoll::simulate
