// SPDX-License-Identifier: Apache-2.0
// Cores and disk that are kept busy at a given rate.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "plimsoll/base/file.h"
#include "plimsoll/base/result.h"
#include "plimsoll/base/units.h"

namespace plimsoll::load {

/// Threads that compute for a share of their time, as many as it takes.
class Burner {
public:
    explicit Burner(double most_cores);
    /// From here on so many cores are busy, as far as the machine gives them.
    void burn(double cores);

private:
    std::vector<std::unique_ptr<std::atomic<double>>> shares_;
    std::vector<std::jthread> threads_;
};

/// Writes that reach the disk: into a file in `folder` without a name, that begins again after 64 MiB.
class DiskWriter {
public:
    static Result<DiskWriter> make(const std::string& folder);
    /// Returns when the disk has it.
    Result<void> write(Bytes amount);

private:
    explicit DiskWriter(Fd file) : file_(std::move(file)) {}
    Fd file_;
    std::int64_t at_ = 0;
};

/// Reads that come from the disk, not from the page cache: a file round and round.
class DiskReader {
public:
    static Result<DiskReader> make(const std::string& path);
    Result<void> read(Bytes amount);
    /// The file from its beginning to its end.
    Result<void> read_all() { return read({size_}); }

private:
    DiskReader(Fd file, std::int64_t size) : file_(std::move(file)), size_(size) {}
    Fd file_;
    std::int64_t size_;
    std::int64_t at_ = 0;
};

}  // namespace plimsoll::load
