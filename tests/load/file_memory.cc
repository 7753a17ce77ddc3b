// SPDX-License-Identifier: Apache-2.0
#include "file_memory.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "blocks.h"
#include "plimsoll/base/file.h"

namespace plimsoll::load {

namespace {

constexpr std::int64_t chunk_size = 64 << 10;
using Chunk = std::array<char, chunk_size>;

/// Unlinked as soon as it is open: gone with the process, however that ends.
Result<Fd> nameless_file(const std::string& folder) {
    std::string path = folder + "/plimsoll-load-XXXXXX";
    Fd file(::mkostemp(path.data(), O_CLOEXEC));
    if (!file) return system_error("cannot make a file in " + folder);
    if (::unlink(path.c_str()) != 0) return system_error("cannot unlink " + path);
    return file;
}

Result<void> write_chunk(const Fd& file, std::int64_t at, const Chunk& chunk) {
    const ssize_t put = ::pwrite(file.fd(), chunk.data(), chunk.size(), at);
    if (put < 0) return system_error("cannot write to a file");
    if (put < chunk_size) return unavailable(fmt::format("a write fell short: {} of {} bytes", put, chunk_size));
    return {};
}

Result<void> read_chunk(const Fd& file, std::int64_t at, Chunk& chunk) {
    const ssize_t got = ::pread(file.fd(), chunk.data(), chunk.size(), at);
    if (got < 0) return system_error("cannot read from a file");
    if (got < chunk_size) return unavailable(fmt::format("a read fell short: {} of {} bytes", got, chunk_size));
    return {};
}

class TmpfsFile final : public Memory {
public:
    explicit TmpfsFile(Fd file) : file_(std::move(file)) { chunk_.fill(0x5a); }

    Result<void> hold(Bytes amount) override {
        const std::int64_t wanted = (amount.count + chunk_size - 1) / chunk_size * chunk_size;
        for (; size_ < wanted; size_ += chunk_size) PLIM_TRY(write_chunk(file_, size_, chunk_));
        if (size_ == wanted) return {};
        if (::ftruncate(file_.fd(), wanted) != 0) return system_error("cannot shorten a file in /dev/shm");
        size_ = wanted;
        return {};
    }
    Bytes held() const override { return {size_}; }

private:
    Fd file_;
    std::int64_t size_ = 0;
    Chunk chunk_;
};

class CachedFile final : public Memory {
public:
    explicit CachedFile(Fd file) : file_(std::move(file)), need_(touched_blocks()) { chunk_.fill(0x5a); }

    Result<void> hold(Bytes amount) override {
        PLIM_TRY(need_->hold(amount));
        const std::int64_t from = size_, to = 2 * amount.count;
        for (; size_ < to; size_ += chunk_size) PLIM_TRY(write_chunk(file_, size_, chunk_));
        for (std::int64_t at = from; at < size_; at += chunk_size) PLIM_TRY(read_chunk(file_, at, chunk_));
        return {};
    }
    Bytes held() const override { return need_->held(); }

private:
    Fd file_;
    std::unique_ptr<Memory> need_;
    std::int64_t size_ = 0;
    Chunk chunk_;
};

}  // namespace

Result<std::unique_ptr<Memory>> tmpfs_file() {
    return std::make_unique<TmpfsFile>(PLIM_TRY(nameless_file("/dev/shm")));
}

Result<std::unique_ptr<Memory>> cached_file(const std::string& folder) {
    struct statfs system = {};
    if (::statfs(folder.c_str(), &system) != 0) return system_error("cannot look at " + folder);
    if (system.f_type == TMPFS_MAGIC || system.f_type == RAMFS_MAGIC)
        return invalid(folder + " lies in memory: its files are need, not cache; name another by --folder");
    return std::make_unique<CachedFile>(PLIM_TRY(nameless_file(folder)));
}

}  // namespace plimsoll::load
