// SPDX-License-Identifier: Apache-2.0
// A connection to a history file as Plimsoll wants it: durable, foreign keys, the journal that the file
// system allows. Internal to `history`.
#pragma once

#include <string>

#include "plimsoll/base/result.h"
#include "plimsoll/history/sqlite.h"

namespace plimsoll::history {

/// The write-ahead log shares memory between processes, which only a local file system offers; elsewhere
/// a rollback journal costs two more fsyncs a commit and makes readers and writers wait for each other.
enum class JournalMode { write_ahead, rollback };

/// What the file system under the folder of this path allows.
Result<JournalMode> journal_mode_for(const std::string& path);

/// Opens for writing; the file exists. unavailable when the journal cannot be had.
Result<Connection> connect(const std::string& path, JournalMode mode, Duration lock_time = std::chrono::seconds(10));
/// Opens for reading alone, also where nothing may be written, not even the log's shared memory.
Result<Connection> connect_read_only(const std::string& path);

}  // namespace plimsoll::history
