// SPDX-License-Identifier: Apache-2.0
// Hashes files on a thread of its own, so that a large file never holds up the loop.
//
// The thread is started by the first file and is nice: tasks go before it. Because it may therefore be kept
// waiting while it holds the lock, the owner never waits for the lock except in `drain`; it tries again the
// next time.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "plimsoll/workflow/file_stamp.h"

namespace plimsoll::workflow {

/// A file whose content is wanted, as it was when that was decided; and its hash, unless it could not be
/// read or is not that file any more.
struct ContentWanted {
    std::string path;
    Sighting seen;
    std::optional<Hash128> content;
};

class ContentHasher {
public:
    /// `folder`: an open descriptor that outlives the hasher. At most `queued_max` bytes wait at a time.
    ContentHasher(int folder, Bytes queued_max) : folder_(folder), queued_max_(queued_max) {}
    ~ContentHasher();
    ContentHasher(const ContentHasher&) = delete;
    ContentHasher& operator=(const ContentHasher&) = delete;

    /// False when too much waits already: the file is then not hashed.
    bool submit(std::string path, const Sighting& seen);
    /// What came out since the last call, if the lock is free; otherwise nothing yet.
    std::vector<ContentWanted> take_done();
    /// Helps until everything submitted is done, but gives up what lies beyond so many bytes (it comes back
    /// without a hash). Then as take_done().
    std::vector<ContentWanted> drain(Bytes at_most);
    bool idle() const { return outstanding_ == 0; }

private:
    void work();
    void start();
    void hand_over();
    void hash_next(std::unique_lock<std::mutex>& lock);

    const int folder_;
    const Bytes queued_max_;
    // The owner's thread alone:
    std::deque<ContentWanted> staged_;
    Bytes queued_{};
    std::size_t outstanding_ = 0;
    std::thread thread_;
    // Shared:
    std::mutex mutex_;
    std::condition_variable wanted_, done_;
    std::deque<ContentWanted> queue_;
    std::vector<ContentWanted> finished_;
    int busy_ = 0;  ///< files being hashed
    bool stopping_ = false;
};

}  // namespace plimsoll::workflow
