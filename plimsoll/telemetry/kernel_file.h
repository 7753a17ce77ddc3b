// SPDX-License-Identifier: Apache-2.0
// Reading kernel files on the hot path: into memory that is there already, by descriptors that stay open or
// relative to one that does.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "plimsoll/base/file.h"

namespace plimsoll::telemetry {

/// Room for one kernel file; memory.stat of v2 takes about 2 KiB, of v1 with many NUMA nodes not more.
class ReadBuffer {
public:
    /// The file's content from its beginning, cut off where the room ends. Empty when it cannot be read,
    /// and `errno` says why; an empty file leaves errno 0.
    std::string_view read(const Fd& file);
    /// Opens, reads and closes the file at `path` beneath `folder`.
    std::string_view read_at(int folder, const char* path);
    /// How many lines the file has, however long it is.
    std::uint32_t count_lines(const Fd& file);

private:
    std::array<char, 8192> room_;
};

/// "PID/FILE", made without allocation.
class ProcessPath {
public:
    ProcessPath(int pid, const char* file);
    /// "PID/task/THREAD/children"
    static ProcessPath of_children(int pid, int thread);
    const char* text() const { return text_.data(); }

private:
    ProcessPath() = default;
    std::array<char, 64> text_{};
};

/// Appends the entries of the folder beneath `parent` that are numbers: processes, threads. False: it
/// cannot be read.
bool add_numbered_entries(int parent, const char* folder, std::vector<int>& numbers);

}  // namespace plimsoll::telemetry
