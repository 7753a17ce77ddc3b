// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/shape/page_cache.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <tuple>
#include <utility>

#include "plimsoll/base/file.h"

namespace plimsoll::shape {
namespace {

constexpr std::size_t piece = 1 << 20;
constexpr int niceness = 10;
// linux/ioprio.h: the class that reads when nobody else does, where the disk's scheduler knows classes.
constexpr int of_one_thread = 1, idle_class = 3 << 13;

/// What tells a file from what it was.
using Version = std::tuple<ino_t, off_t, time_t, long>;

Version version_of(const struct stat& found) {
    return {found.st_ino, found.st_size, found.st_mtim.tv_sec, found.st_mtim.tv_nsec};
}

}  // namespace

struct PageCache::State {
    std::mutex mutex;
    std::condition_variable changed;
    // Under the mutex:
    std::vector<std::string> wanted;
    Bytes budget{};
    std::uint64_t wishes = 0;  ///< how often something was wanted: a reader of an older wish gives up
    std::vector<WarmFile> warmed;
    bool ends = false;
    // The thread's own:
    std::map<std::string, Version> known;
    std::vector<char> buffer = std::vector<char>(piece);
    std::jthread thread;

    bool is_stale(std::uint64_t wish) {
        const std::lock_guard lock(mutex);
        return ends || wishes != wish;
    }
    /// The bytes of the file within the budget; nothing for one that cannot be read, or is given up.
    std::optional<Bytes> warm(const std::string& path, Bytes left, std::uint64_t wish) {
        const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
        struct stat found{};
        if (!file || ::fstat(file.fd(), &found) < 0 || !S_ISREG(found.st_mode) || Bytes{found.st_size} > left)
            return std::nullopt;
        const auto known_as = known.find(path);
        if (known_as != known.end() && known_as->second == version_of(found)) return Bytes{found.st_size};
        ssize_t got = 0;
        for (off_t at = 0; (got = ::pread(file.fd(), buffer.data(), buffer.size(), at)) > 0; at += got)
            if (is_stale(wish)) return std::nullopt;
        if (got < 0) return std::nullopt;
        known[path] = version_of(found);
        const std::lock_guard lock(mutex);
        warmed.push_back({path, Bytes{found.st_size}});
        return Bytes{found.st_size};
    }
    void run() {
        const auto self = static_cast<id_t>(::syscall(SYS_gettid));
        ::setpriority(PRIO_PROCESS, self, niceness);
        ::syscall(SYS_ioprio_set, of_one_thread, self, idle_class);
        std::uint64_t done = 0;
        while (true) {
            std::unique_lock lock(mutex);
            changed.wait(lock, [&] { return ends || wishes != done; });
            if (ends) return;
            const std::vector<std::string> paths = wanted;
            Bytes left = budget;
            done = wishes;
            lock.unlock();
            for (const std::string& path : paths) {
                if (is_stale(done)) break;
                if (const auto bytes = warm(path, left, done)) left -= *bytes;
            }
        }
    }
};

PageCache::PageCache() : state_(std::make_unique<State>()) {
    state_->thread = std::jthread([state = state_.get()] { state->run(); });
}

PageCache::~PageCache() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->ends = true;
    }
    state_->changed.notify_one();
}

void PageCache::want(std::vector<std::string> paths, Bytes budget) {
    {
        const std::lock_guard lock(state_->mutex);
        if (paths == state_->wanted) return;  // it is being read, or has been
        state_->wanted = std::move(paths);
        state_->budget = budget;
        ++state_->wishes;
    }
    state_->changed.notify_one();
}

std::vector<WarmFile> PageCache::take_warmed() {
    const std::lock_guard lock(state_->mutex);
    return std::exchange(state_->warmed, {});
}

}  // namespace plimsoll::shape
