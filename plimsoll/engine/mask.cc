// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/engine/mask.h"

#include <algorithm>

namespace plimsoll::engine {

Mask::Mask(std::vector<std::string> values) : values_(std::move(values)) {
    for (std::string& value : values_)
        while (!value.empty() && (value.back() == '\n' || value.back() == '\r')) value.pop_back();
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
