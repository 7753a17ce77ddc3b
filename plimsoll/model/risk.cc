// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/model/risk.h"

#include <fmt/format.h>

#include <charconv>

namespace plimsoll {
namespace {

constexpr double heaviest = 100;

struct Word {
    std::string_view name;
    Risk risk;
};
constexpr Word words[] = {{"thrifty", {0}}, {"balanced", {1}}, {"safe", {10}}};

}  // namespace

Result<Risk> parse_risk(std::string_view text) {
    for (const Word& word : words)
        if (word.name == text) return word.risk;
    Risk risk;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), risk.failure_weight);
    const bool is_number = failed == std::errc() && end == text.data() + text.size();
    if (is_number && risk.failure_weight >= 0 && risk.failure_weight <= heaviest) return risk;
    return invalid(fmt::format("'{}' is no risk; write thrifty, balanced, safe or a number from 0 (thrifty) to {:g}",
                               text, heaviest));
}

std::string format(Risk risk) {
    for (const Word& word : words)
        if (word.risk == risk) return std::string(word.name);
    return fmt::format("{:g}", risk.failure_weight);
}

}  // namespace plimsoll
