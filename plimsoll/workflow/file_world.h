// SPDX-License-Identifier: Apache-2.0
// FileWorld: what loading a workflow asks the disk. A pair of functions, so that tests, fuzzers and the
// simulator hand in a world of their own.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace plimsoll::workflow {

struct FileWorld {
    /// The paths that match a pattern, sorted, relative where the pattern is relative. See glob_files().
    std::function<std::vector<std::string>(const std::string& pattern)> glob;
    std::function<bool(const std::string& path)> exists;
};

/// The disk as seen from a folder. Remembers the folders it has listed: make one for each load.
FileWorld disk_world(std::string folder);

/// A world of exactly these paths.
FileWorld world_of(std::vector<std::string> paths);

/// What matches the pattern under `folder` (patterns as glob_matches(); a leading '/' starts at the root),
/// sorted bytewise. Files and folders match, with '**' files only, and '**' does not follow links to folders;
/// names that begin with '.' match only where the pattern says the '.'. Folders that cannot be read are
/// taken as empty.
std::vector<std::string> glob_files(const std::string& folder, const std::string& pattern);

}  // namespace plimsoll::workflow
