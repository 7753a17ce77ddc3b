// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/paths.h"

#include <fmt/format.h>

#include "plimsoll/base/text.h"

namespace plimsoll::workflow {

std::string path_from(std::string_view folder, std::string_view path) {
    std::string clean = clean_path(path);
    if (folder.size() > 1 && clean.size() > folder.size() + 1 && clean.starts_with(folder) &&
        clean[folder.size()] == '/')
        return clean_path(std::string_view(clean).substr(folder.size() + 1));
    return clean;
}

std::optional<Value> render_paths(const Template& text, const Scope& scope, std::string_view folder,
                                  Problems& problems) {
    std::optional<Value> value = render_words(text, scope, problems);
    if (!value) return std::nullopt;
    for (std::string& word : value->words) {
        word = path_from(folder, word);
        if (!word.empty()) continue;
        problems.add(text.mark, fmt::format("'{}' gives an empty path; name a file", text.source));
        return std::nullopt;
    }
    return value;
}

bool is_pattern(const std::string& word, const Value& of, const FileWorld& files) {
    if (!is_glob(word) || (of.is_path && !of.has_patterns)) return false;
    return !files.exists(word);
}

}  // namespace plimsoll::workflow
