// SPDX-License-Identifier: Apache-2.0
// What stands at a path, told cheaply (size, mtime, inode) or surely (a hash of the content).
//
// A file's stamp is its own size, mtime and inode. A folder's is a digest of everything in it: its inode
// field holds 64 bits of a digest of all names, kinds, sizes, mtimes and inodes below it, its mtime that of
// the newest file below it, its size 0. Symbolic links count as what they point to, except below a folder,
// where the text of the link counts (so loops cannot trap the walk). Entries named .plimsoll are skipped.
#pragma once

#include <cstdint>
#include <string>

#include "plimsoll/base/hash.h"
#include "plimsoll/base/result.h"
#include "plimsoll/base/time.h"
#include "plimsoll/base/units.h"
#include "plimsoll/model/receipt.h"

namespace plimsoll::workflow {

/// Paths are looked up from the folder open at `folder` (an O_PATH or O_RDONLY descriptor) unless absolute.
struct Sighting {
    enum class Kind : std::uint8_t { nothing, file, folder, other };
    Kind kind = Kind::nothing;
    int error = 0;          ///< why nothing could be seen (errno), 0 when there is simply nothing
    std::int64_t size = 0;  ///< as in FileStamp
    std::int64_t mtime_ns = 0;
    std::uint64_t inode = 0;
    Bytes bytes{};  ///< of content: of a folder, all its files together

    explicit operator bool() const { return kind != Kind::nothing; }
    bool operator==(const Sighting&) const = default;
};

Sighting look(int folder, const std::string& path);

/// The content, read from beginning to end: of a folder, the names and contents below it. An error when it
/// cannot be read, or changes while it is being read (refused).
Result<Hash128> hash_content(int folder, const std::string& path);

/// Do the three numbers agree? (Not the content, not the path.)
inline bool same_stamp(const FileStamp& stamp, const Sighting& seen) {
    return stamp.inode == seen.inode && stamp.mtime_ns == seen.mtime_ns && stamp.size == seen.size;
}

/// How far apart two writes must be for this file system to give them different mtimes.
///
/// Before Linux 6.13 an mtime is the time of the last timer tick (1 to 10 ms). Since then (ext4, xfs, btrfs,
/// tmpfs) a file whose mtime was looked at gets an exact one at the next write, so that a stamp that was
/// taken cannot be met by a later write: 0 is given. Found out by writing to an unnamed temporary file in
/// the folder; when that cannot be done, the coarse answer is given.
Duration mtime_granularity(int folder);

}  // namespace plimsoll::workflow
