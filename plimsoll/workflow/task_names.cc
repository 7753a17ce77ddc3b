// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/task_names.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "plimsoll/base/hash.h"

namespace plimsoll::workflow {
namespace {

constexpr std::size_t label_length_max = 60;

bool is_path(const Value& value) { return value.is_path || value.words.front().find('/') != std::string::npos; }

/// The stems that more than one path of a variable has.
std::unordered_set<std::string> shared_stems(const std::vector<Values>& rows, std::size_t variable) {
    std::unordered_map<std::string, std::string_view> first;
    std::unordered_set<std::string> shared;
    for (const Values& row : rows) {
        const Value& value = row[variable].value;
        const std::string& path = value.words.front();
        std::string stem = is_path(value) ? part_of(path, Part::stem) : path;
        const auto [known, is_new] = first.emplace(std::move(stem), path);
        if (!is_new && known->second != path) shared.insert(known->first);
    }
    return shared;
}

bool is_plain(std::string_view text) {
    return text.size() <= label_length_max && std::none_of(text.begin(), text.end(), [](unsigned char c) {
               return c < ' ' || c == 0x7f || c == ',' || c == ']';
           });
}

/// Long or unprintable values are cut; a hash of the whole keeps them apart.
std::string plain_label(const std::string& text) {
    if (is_plain(text)) return text;
    std::string label = text.substr(0, label_length_max / 2);
    for (char& c : label)
        if (!is_plain(std::string_view(&c, 1))) c = '_';
    return label + "~" + hash_of(text).hex().substr(0, 16);
}

}  // namespace

std::vector<std::string> task_names(const std::string& step, const std::vector<Values>& rows) {
    std::vector<std::string> names(rows.size(), step);
    const std::size_t variables = rows.empty() ? 0 : rows.front().size();
    for (std::size_t variable = 0; variable < variables; ++variable) {
        const std::unordered_set<std::string> shared = shared_stems(rows, variable);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const Value& value = rows[i][variable].value;
            std::string label = value.words.front();
            if (is_path(value)) {
                std::string stem = part_of(label, Part::stem);
                if (!stem.empty() && !shared.contains(stem)) label = std::move(stem);
            }
            names[i] += (variable == 0 ? '[' : ',') + plain_label(label);
        }
    }
    if (variables > 0)
        for (std::string& name : names) name += ']';
    return names;
}

}  // namespace plimsoll::workflow
