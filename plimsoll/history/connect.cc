// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/history/connect.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <algorithm>
#include <iterator>

#include "plimsoll/base/file.h"

namespace plimsoll::history {
namespace {

// statfs(2) and linux/magic.h: file systems that several machines share, or that a program implements.
constexpr std::uint32_t shared_file_systems[] = {
    0x6969,      // NFS
    0x517b,      // SMB
    0xff534d42,  // CIFS
    0xfe534d42,  // SMB 2
    0x65735546,  // FUSE
    0x01021997,  // 9P
    0x5346414f,  // AFS
    0x00c36400,  // Ceph
    0x0bd00bd0,  // Lustre
    0x47504653,  // GPFS
    0x7461636f,  // OCFS2
    0x01161970,  // GFS2
    0x19830326,  // BeeGFS
    0xaad7aaea,  // PanFS
    0x20030528,  // OrangeFS
    0x786f4256,  // vboxsf
};

// Pages of 4 KiB in the log before they go to the database: 16 MiB, written once instead of again and again.
constexpr int checkpoint_pages = 4000;

Result<void> configure(Connection& connection) {
    return connection.run(
        "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -16000");
}

std::string folder_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

/// The journal in use after asking for `wanted`. Where two connections take a database into another
/// journal mode at the same time, SQLite answers "locked" at once instead of waiting for its busy timeout:
/// so they go one after the other, by a lock on the folder. One that cannot be locked only loses that order.
Result<std::string> ask_for_journal(Connection& connection, const std::string& path, const std::string& wanted) {
    const Result<Fd> folder = open_file(folder_of(path), O_RDONLY | O_DIRECTORY);
    if (folder) (void)::flock(folder->fd(), LOCK_EX);
    return connection.text("PRAGMA journal_mode = " + wanted);
}

bool exists(const std::string& path) {
    struct stat found{};
    return ::stat(path.c_str(), &found) == 0;
}

}  // namespace

Result<JournalMode> journal_mode_for(const std::string& path) {
    const std::string folder = folder_of(path);
    struct statfs found{};
    if (::statfs(folder.c_str(), &found) < 0) return system_error("look at the file system of " + folder);
    const auto type = static_cast<std::uint32_t>(found.f_type);
    const bool is_shared = std::find(std::begin(shared_file_systems), std::end(shared_file_systems), type) !=
                           std::end(shared_file_systems);
    return is_shared ? JournalMode::rollback : JournalMode::write_ahead;
}

Result<Connection> connect(const std::string& path, JournalMode mode, Duration lock_time) {
    Connection connection = PLIM_TRY(Connection::open(path, {.lock_time = lock_time}));
    PLIM_TRY(configure(connection));
    const std::string wanted = mode == JournalMode::write_ahead ? "wal" : "truncate";
    const std::string got = PLIM_TRY(ask_for_journal(connection, path, wanted));
    if (got != wanted)
        return unavailable(fmt::format(
            "its file system allows journal '{}' only, not '{}'; name another file with --history", got, wanted));
    PLIM_TRY(connection.number(fmt::format("PRAGMA wal_autocheckpoint = {}", checkpoint_pages)));
    return connection;
}

Result<Connection> connect_read_only(const std::string& path) {
    if (!exists(path)) return Error{ErrorKind::not_found, "there is no history yet"};
    Result<Connection> plain = Connection::open(path, {.read_only = true});
    if (plain && plain->number("SELECT count(*) FROM sqlite_schema")) return plain;
    // Without a log there is nothing but the file itself, and nobody who could be writing to it.
    if (!exists(path + "-wal")) {
        Result<Connection> still = Connection::open(path, {.read_only = true, .immutable = true});
        if (still && still->number("SELECT count(*) FROM sqlite_schema")) return still;
    }
    if (!plain) return plain.error();
    return plain->number("SELECT count(*) FROM sqlite_schema").error();
}

}  // namespace plimsoll::history
