// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/engine/environment.h"

#include <algorithm>

namespace plimsoll::engine {
namespace {

std::string_view name_of(std::string_view entry) { return entry.substr(0, entry.find('=')); }

}  // namespace

Environment::Environment(char** inherited, std::span<const std::string> secrets) {
    for (; *inherited != nullptr; ++inherited) {
        const std::string_view entry = *inherited;
        const std::string_view name = name_of(entry);
        const bool is_secret = std::find(secrets.begin(), secrets.end(), name) != secrets.end();
        if (!is_secret) inherited_.emplace_back(entry);
        else if (entry.size() > name.size()) secrets_.emplace_back(name, entry.substr(name.size() + 1));
    }
}

std::vector<Variable> Environment::secrets(std::span<const std::string> names) const {
    std::vector<Variable> named;
    for (const Variable& secret : secrets_)
        if (std::find(names.begin(), names.end(), secret.first) != names.end()) named.push_back(secret);
    return named;
}

Environment::Block Environment::with(std::span<const Variable> first, std::span<const Variable> second) const {
    Block block;
    block.added.reserve(first.size() + second.size());
    for (const auto& additions : {first, second})
        for (const auto& [name, value] : additions) block.added.push_back(name + "=" + value);

    block.entries.reserve(inherited_.size() + block.added.size() + 1);
    for (const std::string& entry : inherited_) {
        const std::string_view name = name_of(entry);
        const auto is_same = [name](const std::string& each) { return name_of(each) == name; };
        if (std::none_of(block.added.begin(), block.added.end(), is_same)) block.entries.push_back(entry.c_str());
    }
    for (std::size_t at = 0; at < block.added.size(); ++at) {
        const std::string_view name = name_of(block.added[at]);
        const auto is_same = [name](const std::string& each) { return name_of(each) == name; };
        if (std::none_of(block.added.begin() + static_cast<std::ptrdiff_t>(at) + 1, block.added.end(), is_same))
            block.entries.push_back(block.added[at].c_str());
    }
    block.entries.push_back(nullptr);
    return block;
}

std::string_view Environment::value(std::string_view name, std::span<const Variable> additions) const {
    for (auto each = additions.rbegin(); each != additions.rend(); ++each)
        if (each->first == name) return each->second;
    for (const std::string& entry : inherited_)
        if (name_of(entry) == name && entry.size() > name.size())
            return std::string_view(entry).substr(name.size() + 1);
    return {};
}

}  // namespace plimsoll::engine
