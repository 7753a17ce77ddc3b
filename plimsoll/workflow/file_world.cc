// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/file_world.h"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <memory>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "plimsoll/base/path.h"
#include "plimsoll/base/text.h"

namespace plimsoll::workflow {
namespace {

struct Found {
    std::string name;
    bool is_folder = false;
    bool is_link = false;
};

bool is_folder_at(const std::string& path) {
    struct stat found{};
    return ::stat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode);
}

std::vector<Found> list_folder(const std::string& path) {
    const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(path.c_str()), ::closedir);
    std::vector<Found> found;
    if (!folder) return found;
    while (const dirent* entry = ::readdir(folder.get())) {
        const std::string_view name = entry->d_name;
        if (name == "." || name == "..") continue;
        const bool unsure = entry->d_type == DT_UNKNOWN || entry->d_type == DT_LNK;
        const bool is_folder = entry->d_type == DT_DIR || (unsure && is_folder_at(path + "/" + std::string(name)));
        found.push_back({std::string(name), is_folder, entry->d_type == DT_LNK});
    }
    std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) { return a.name < b.name; });
    return found;
}

/// Walks the pattern component by component, so that only folders that can match are listed.
class Globber {
public:
    explicit Globber(std::string folder) : root_(std::move(folder)) {}

    std::vector<std::string> find(const std::string& pattern) {
        matches_.clear();
        const std::vector<std::string_view> components = split(pattern, '/');
        const bool absolute = pattern.starts_with('/');
        walk(absolute ? "/" : "", std::span(components).subspan(absolute ? 1 : 0), 0);
        std::sort(matches_.begin(), matches_.end());
        matches_.erase(std::unique(matches_.begin(), matches_.end()), matches_.end());
        return std::move(matches_);
    }

private:
    // Deeper trees than this are loops of mounts.
    static constexpr int depth_max = 100;

    std::string on_disk(const std::string& path) const { return resolved_path(root_, path); }

    const std::vector<Found>& list(const std::string& path) {
        const auto known = listed_.find(path);
        if (known != listed_.end()) return known->second;
        return listed_.emplace(path, list_folder(on_disk(path))).first->second;
    }

    static std::string below(const std::string& front, std::string_view name) {
        std::string path = front;
        if (!path.empty() && path.back() != '/') path += '/';
        return path.append(name);
    }

    /// `front` is what the components before matched.
    void walk(const std::string& front, std::span<const std::string_view> rest, int depth) {
        if (rest.empty() || depth > depth_max) return;
        if (rest.front().find("**") != std::string_view::npos)
            return walk_deep(front, {.below = front, .pattern = whole(rest)}, depth);
        if (!is_glob(rest.front())) {
            const std::string path = below(front, rest.front());
            if (rest.size() > 1) return walk(path, rest.subspan(1), depth + 1);
            struct stat found{};
            if (::stat(on_disk(path).c_str(), &found) == 0) matches_.push_back(path);
            return;
        }
        for (const Found& entry : list(front)) {
            if (entry.name.front() == '.' && !rest.front().starts_with('.')) continue;
            if (!glob_matches(rest.front(), entry.name)) continue;
            if (rest.size() == 1) matches_.push_back(below(front, entry.name));
            else if (entry.is_folder) walk(below(front, entry.name), rest.subspan(1), depth + 1);
        }
    }

    /// A pattern with '**', and the folder that it starts from (whose name may hold wildcards of its own).
    struct Deep {
        std::string below;
        std::string pattern;
        bool matches(std::string_view path) const {
            if (!below.empty()) path.remove_prefix(below.size() + (below.back() == '/' ? 0 : 1));
            return glob_matches(pattern, path);
        }
    };

    void walk_deep(const std::string& front, const Deep& deep, int depth) {
        if (depth > depth_max) return;
        for (const Found& entry : list(front)) {
            if (entry.name.front() == '.') continue;
            const std::string path = below(front, entry.name);
            if (entry.is_folder && !entry.is_link) walk_deep(path, deep, depth + 1);
            else if (!entry.is_folder && deep.matches(path)) matches_.push_back(path);
        }
    }

    static std::string whole(std::span<const std::string_view> rest) {
        std::string pattern;
        for (const std::string_view component : rest) pattern = below(pattern, component);
        return pattern;
    }

    std::string root_;
    std::unordered_map<std::string, std::vector<Found>> listed_;
    std::vector<std::string> matches_;
};

}  // namespace

std::vector<std::string> glob_files(const std::string& folder, const std::string& pattern) {
    return Globber(folder).find(pattern);
}

FileWorld disk_world(std::string folder) {
    const auto globber = std::make_shared<Globber>(folder);
    return {.glob = [globber](const std::string& pattern) { return globber->find(pattern); },
            .exists =
                [folder = std::move(folder)](const std::string& path) {
                    struct stat found{};
                    return ::stat(resolved_path(folder, path).c_str(), &found) == 0;
                }};
}

FileWorld world_of(std::vector<std::string> paths) {
    std::sort(paths.begin(), paths.end());
    const auto shared = std::make_shared<const std::vector<std::string>>(std::move(paths));
    return {.glob =
                [shared](const std::string& pattern) {
                    std::vector<std::string> found;
                    std::copy_if(shared->begin(), shared->end(), std::back_inserter(found),
                                 [&](const std::string& path) { return glob_matches(pattern, path); });
                    return found;
                },
            .exists =
                [shared](const std::string& path) { return std::binary_search(shared->begin(), shared->end(), path); }};
}

}  // namespace plimsoll::workflow
