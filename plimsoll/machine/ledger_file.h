// SPDX-License-Identifier: Apache-2.0
// The file through which the runs on one machine know of each other: an array of slots, one a run, each
// written by its owner alone. It holds no secret and decides nothing; what it must survive are owners that
// are killed at any instant, several users, and people who delete or overwrite it.
//
// A slot counts as long as its owner's lock on it. Locks of an open file description (F_OFD_SETLK) vanish
// with their process however it ends, cannot be mistaken for those of a later process with the same pid,
// and hold across pid namespaces; so no heartbeat, no pid and no boot id has to be judged, and a dead run's
// slot needs no clearing. The descriptor is close-on-exec: a task never keeps its runner's slot alive.
//
// The file is read and written, not mapped: truncating a mapped file would kill every run with SIGBUS.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "plimsoll/base/clock.h"
#include "plimsoll/base/file.h"
#include "plimsoll/base/result.h"
#include "plimsoll/machine/capacity.h"
#include "plimsoll/model/resources.h"

namespace plimsoll::machine {

/// What one run tells the others.
struct Holding {
    int pid = 0;  ///< for people; nothing rests on it
    Resources reserved;
    Bytes memory_used{};  ///< what its attempts use now
    bool operator==(const Holding&) const = default;
};

/// What the others hold together, as of a reading under the lock.
struct OthersHolding {
    Resources reserved;
    Bytes memory_used{};
    int runs = 0;
    bool unreadable = false;  ///< a living run's slot is damaged: it may hold anything, until it writes again
    std::vector<QueueHolding> queues = {};  ///< of those that told of any
    std::vector<int> devices = {};          ///< thousandths of each GPU; those behind: none
};

class LedgerFile {
public:
    /// More runs than this on one machine at once are refused.
    static constexpr int most_slots = 256;

    /// Opens the file, makes it (for all users) where it is missing, and takes a slot. The file must be a
    /// regular one with a single name: a link that somebody placed there is refused.
    static Result<LedgerFile> open(const std::string& path, const Clock& clock);

    /// Keeps all other runs out until the Lock is gone. Nothing when another run kept it for longer than
    /// `patience`: it may have been stopped (Ctrl-Z) right there.
    class Lock;
    std::optional<Lock> lock(Duration patience) const;

    /// Under the lock. What the living others hold.
    Result<OthersHolding> read_others(const Lock&) const;
    /// What each living run holds, for who only looks: takes no slot and no lock, so that a slot that is just being
    /// written may be missed. None where there is no ledger yet.
    static Result<std::vector<Holding>> holdings(const std::string& path);
    /// Under the lock, replaces what this run is known to hold.
    Result<void> write(const Lock&, const Holding& holding);
    /// Under the lock, replaces what this run is known to hold and wait for in its queues.
    Result<void> write_queues(const Lock&, std::vector<QueueHolding> queues);
    /// Likewise how much of each GPU it holds, in thousandths.
    Result<void> write_devices(const Lock&, const std::vector<int>& held);
    /// Has somebody deleted the file? Then newer runs meet elsewhere, and it must be opened again.
    bool is_deleted() const;

private:
    LedgerFile(std::string path, Fd file, const Clock& clock)
        : path_(std::move(path)), file_(std::move(file)), clock_(&clock) {}
    Result<void> take_slot();

    std::string path_;
    Fd file_;
    const Clock* clock_;
    int slot_ = -1;
    std::uint64_t token_ = 0;                          ///< of this run, on its slot and its page of queues
    std::optional<std::vector<QueueHolding>> queues_;  ///< as written last
    std::vector<int> devices_;                         ///< likewise
};

/// Releases on destruction.
class LedgerFile::Lock {
public:
    Lock(Lock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Lock& operator=(Lock&&) = delete;
    ~Lock();

private:
    friend class LedgerFile;
    explicit Lock(int fd) : fd_(fd) {}
    int fd_;
};

}  // namespace plimsoll::machine
