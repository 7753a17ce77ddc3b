// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/engine/mask.h"

#include <algorithm>
#include <cctype>

#include "plimsoll/base/text.h"

namespace plimsoll::engine {

namespace {

// Shorter lines ("{", "---", "},") say nothing, and blotting them out everywhere would leave no log to read.
constexpr std::size_t shortest_line = 4;

/// A value's lines, if it has several.
void add_lines(const std::string& value, std::vector<std::string>& values) {
    if (value.find('\n') == std::string::npos) return;
    constexpr std::string_view blanks = " \t\r";
    for (std::string_view line : split(value, '\n')) {
        line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
        line = line.substr(0, line.find_last_not_of(blanks) + 1);
        const bool says_something =
            std::any_of(line.begin(), line.end(), [](unsigned char c) { return std::isalnum(c); });
        if (says_something && line.size() >= shortest_line) values.emplace_back(line);
    }
}

}  // namespace

Mask::Mask(std::vector<std::string> values) : values_(std::move(values)) {
    for (std::string& value : values_)
        while (!value.empty() && (value.back() == '\n' || value.back() == '\r')) value.pop_back();
    for (std::size_t at = 0, whole = values_.size(); at < whole; ++at) add_lines(std::string(values_[at]), values_);
    std::erase(values_, "");
    std::sort(values_.begin(), values_.end(),
              [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
}

std::string Mask::feed(std::string_view text) {
    held_ += text;
    return take(values_.empty() ? 0 : values_.front().size() - 1);
}

std::string Mask::finish() { return take(0); }

std::string Mask::take(std::size_t leave) {
    std::string masked;
    std::size_t at = 0;
    while (held_.size() - at > leave) {
        const std::string_view rest = std::string_view(held_).substr(at);
        const auto value =
            std::find_if(values_.begin(), values_.end(), [rest](const auto& each) { return rest.starts_with(each); });
        if (value == values_.end()) masked += held_[at++];
        else {
            masked += "***";
            at += value->size();
        }
    }
    held_.erase(0, at);
    return masked;
}

}  // namespace plimsoll::engine
