// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/declared_files.h"

#include <algorithm>

#include "plimsoll/base/text.h"

namespace plimsoll::workflow {
namespace {

/// What every match of a pattern begins with.
std::string_view fixed_front(std::string_view pattern) { return pattern.substr(0, pattern.find_first_of("*?[")); }

}  // namespace

std::optional<TaskId> DeclaredFiles::add(std::string_view path, TaskId task) {
    const auto [known, is_new] = by_path_.emplace(path, task);
    if (!is_new) return known->second;
    sorted_.clear();
    if (is_glob(path)) patterns_.push_back({path, task});
    return std::nullopt;
}

std::optional<DeclaredFiles::Declared> DeclaredFiles::folder_around(std::string_view path) const {
    while (true) {
        const std::size_t slash = path.rfind('/');
        if (slash == std::string_view::npos || slash == 0) return std::nullopt;
        path = path.substr(0, slash);
        const auto folder = by_path_.find(path);
        if (folder != by_path_.end()) return Declared{folder->first, folder->second};
    }
}

std::optional<TaskId> DeclaredFiles::maker_of(std::string_view path) const {
    const auto exact = by_path_.find(path);
    if (exact != by_path_.end()) return exact->second;
    if (const auto folder = folder_around(path)) return folder->task;
    for (const Declared& pattern : patterns_)
        if (path.starts_with(fixed_front(pattern.path)) && glob_matches(pattern.path, path)) return pattern.task;
    return std::nullopt;
}

std::vector<DeclaredFiles::Declared> DeclaredFiles::matching(std::string_view pattern) {
    if (sorted_.size() != by_path_.size()) {
        sorted_.clear();
        for (const auto& [path, task] : by_path_) sorted_.push_back({path, task});
        std::sort(sorted_.begin(), sorted_.end(), [](const Declared& a, const Declared& b) { return a.path < b.path; });
    }
    const std::string_view front = fixed_front(pattern);
    std::vector<Declared> found;
    auto at = std::lower_bound(sorted_.begin(), sorted_.end(), front,
                               [](const Declared& a, std::string_view path) { return a.path < path; });
    for (; at != sorted_.end() && at->path.starts_with(front); ++at)
        if (glob_matches(pattern, at->path)) found.push_back(*at);
    return found;
}

}  // namespace plimsoll::workflow
