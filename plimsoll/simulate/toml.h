// SPDX-License-Identifier: Apache-2.0
// A TOML file as values with their places, and what reads tables of known keys from them.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/base/result.h"

namespace plimsoll::simulate {

struct TomlValue {
    enum class Kind { scalar, list, table };
    Kind kind = Kind::scalar;
    std::string text;  ///< of a scalar: "4", "16GiB", "true"
    std::vector<TomlValue> items;
    std::map<std::string, TomlValue, std::less<>> keys;
    std::uint32_t line = 0, column = 0;
};

/// A table. An error tells line and column.
Result<TomlValue> parse_toml(std::string_view text);
/// A table's text: a line for each key, the tables within it inline, but for those of [step] and [[fault]]s, which
/// stand each on a line of their own.
std::string format_toml(const TomlValue& root);

/// "7:13: unknown key 'nods'"
Error at(const TomlValue& value, std::string_view what);

using Read = std::function<Result<void>(const TomlValue&)>;
/// Reads each key by what stands beside it; a key that is not among them is an error that names the nearest.
Result<void> read_table(const TomlValue& value, const std::map<std::string_view, Read>& keys);
Result<void> each(const TomlValue& value, const Read& read);  ///< of a list
Result<std::string> text_of(const TomlValue& value);          ///< of a scalar
Read texts(std::vector<std::string>& list);

Result<double> parse_number(std::string_view text);  ///< "x1.6" reads as 1.6
Result<int> parse_count(std::string_view text);      ///< not negative
Result<bool> parse_flag(std::string_view text);
Result<std::string> parse_text(std::string_view text);

template <class Value>
Read into(Value& value, Result<Value> (*parse)(std::string_view)) {
    return [&value, parse](const TomlValue& from) -> Result<void> {
        auto parsed = parse(PLIM_TRY(text_of(from)));
        if (!parsed) return at(from, parsed.error().message);
        value = std::move(*parsed);
        return {};
    };
}

template <class Value>
Read into(std::optional<Value>& value, Result<Value> (*parse)(std::string_view)) {
    return [&value, parse](const TomlValue& from) { return into(value.emplace(), parse)(from); };
}

}  // namespace plimsoll::simulate
