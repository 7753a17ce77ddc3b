// SPDX-License-Identifier: Apache-2.0
// What a finished task read and made: the reason why it need not run again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plimsoll/base/hash.h"

namespace plimsoll {

/// Identity of a file's content without reading it: if size, mtime and inode are as they were, so is
/// the content. When they are not, the hash decides.
struct FileStamp {
    std::string path;           ///< relative to the workflow's folder unless absolute
    std::int64_t size = 0;      ///< bytes; of a folder: 0
    std::int64_t mtime_ns = 0;  ///< since the epoch; of a folder: of the newest file below it
    std::uint64_t inode = 0;    ///< of a folder: a digest of what is below it; 0: only the content can tell
    std::optional<Hash128> content;
    bool operator==(const FileStamp&) const = default;
};

/// The command is hashed as written, before the allotment goes in: another number of threads does not
/// make a result stale.
struct Receipt {
    std::string task_name;
    Hash128 command;  ///< of command text, shell, workdir, env and bindings; secrets by name only
    std::vector<FileStamp> inputs;
    std::vector<FileStamp> outputs;
    bool operator==(const Receipt&) const = default;
};

}  // namespace plimsoll
