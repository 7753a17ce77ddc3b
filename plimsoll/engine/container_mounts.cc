// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>

#include "plimsoll/base/text.h"
#include "plimsoll/engine/container_call.h"

namespace plimsoll::engine {
namespace {

// Each is a mount to be made and undone, some 30 us, and up to two paths on the command line.
constexpr std::size_t read_only_mounts_max = 200;

std::string clean(const std::string& path) {
    std::string plain = std::filesystem::path(path).lexically_normal();
    while (plain.size() > 1 && plain.ends_with('/')) plain.pop_back();
    return plain;
}

std::string folder_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

/// The folder that whatever matches the pattern lies in.
std::string folder_of_matches(std::string path) {
    do path = folder_of(path);
    while (is_glob(path));
    return path;
}

bool holds(const std::string& folder, const std::string& path) {
    return path == folder || folder == "/" || path.starts_with(folder + "/");
}

bool is_within(const std::vector<std::string>& folders, const std::string& path) {
    return std::ranges::any_of(folders, [&](const std::string& folder) { return holds(folder, path); });
}

/// Without those that lie in another one.
std::vector<std::string> outermost(std::vector<std::string> folders) {
    std::ranges::sort(folders);
    std::vector<std::string> kept;
    for (std::string& folder : folders)
        if (!is_within(kept, folder)) kept.push_back(std::move(folder));
    return kept;
}

std::vector<std::string> readable(const InContainer& container, const std::vector<std::string>& writable,
                                  const std::vector<std::string>& written) {
    const bool one_by_one = container.inputs.size() <= read_only_mounts_max;
    std::vector<std::string> paths;
    for (const std::string& input : container.inputs) {
        std::string path = clean(input);
        const bool is_inside = is_within(writable, path);
        const bool holds_written = std::ranges::any_of(written, [&](const auto& each) { return holds(path, each); });
        if (is_inside && (!one_by_one || is_glob(path) || holds_written)) continue;
        if (is_glob(path)) path = folder_of_matches(path);
        else if (!one_by_one && !is_inside) path = folder_of(path);
        paths.push_back(std::move(path));
    }
    return outermost(std::move(paths));
}

}  // namespace

std::vector<Mount> mounts_of(const InContainer& container, const std::string& workdir) {
    std::vector<std::string> written{clean(container.folder), clean(workdir)};
    for (const std::string& output : container.outputs)
        written.push_back(is_glob(output) ? folder_of_matches(clean(output)) : folder_of(clean(output)));
    const std::vector<std::string> writable = outermost(written);
    std::vector<Mount> mounts;
    for (const std::string& path : readable(container, writable, written))
        if (std::ranges::find(writable, path) == writable.end()) mounts.push_back({path, true});
    for (const std::string& path : writable) mounts.push_back({path, false});
    // What lies in another comes after it, and so stays as it is.
    std::ranges::sort(mounts, {}, &Mount::path);
    return mounts;
}

}  // namespace plimsoll::engine
