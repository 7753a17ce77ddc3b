// SPDX-License-Identifier: Apache-2.0
// SharedLedger: the runs on one machine never reserve more than the machine together, and leave to other
// programs the memory those use.
//
// Reservations of other runs count while their runner lives. When a runner died and its tasks still run,
// their memory is used by "others", and left alone as such until the next start has swept them.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "plimsoll/base/clock.h"
#include "plimsoll/machine/capacity.h"
#include "plimsoll/machine/ledger_file.h"

namespace plimsoll::machine {

/// What the user lets one run hold.
struct HoldingOptions {
    std::optional<Cores> max_cpu{};     ///< at most so many cores
    std::optional<Bytes> max_memory{};  ///< at most so much memory
    Bytes keep_free{};                  ///< of the machine's memory, whoever else uses how much
};

/// The machine's memory at an instant.
struct MemoryState {
    Bytes total{};
    Bytes available{};  ///< could be given to programs without swapping: MemAvailable
};

/// The most that a run may hold: the machine less what other runs have reserved, of memory also less what
/// programs beside Plimsoll use and what is kept free, and no more than the options say. Never negative.
Resources may_hold(const Resources& total, const HoldingOptions& options, const Resources& others_reserved,
                   Bytes used_by_foreign);

/// The memory that programs beside Plimsoll use: all that is not available, less what all runs use.
Bytes used_by_foreign(const MemoryState& memory, Bytes used_by_runs);

/// One for all users of the machine, gone with a reboot.
constexpr const char* default_ledger_file = "/dev/shm/plimsoll-ledger-1";

class SharedLedger final : public Capacity {
public:
    struct Setup {
        Resources machine;  ///< all there is
        HoldingOptions options{};
        std::string file = default_ledger_file;
        /// What this run's attempts use now; asked about once a second.
        std::function<Bytes()> used_by_this_run{};
        /// The machine's memory now, about once a second; without it, or when it gives nothing, other
        /// programs are taken to use none.
        std::function<std::optional<MemoryState>()> memory{};
    };

    /// Always gives a ledger. When the file cannot be had, this run alone is counted and `notice` says why.
    SharedLedger(Setup setup, const Clock& clock);

    Resources total() const override;
    Bytes memory_of_machine() const override { return setup_.machine.memory; }
    /// When another run keeps the lock for 100 ms (it is starting many tasks, or was stopped right there),
    /// `decide` may hold what this run holds already and nothing more; the next call tries again.
    Resources agree(const std::function<Resources(const Resources& may_hold)>& decide) override;
    const Others& others() const override { return others_; }
    void tell_queues(std::vector<QueueHolding> queues) override { queues_ = std::move(queues); }
    void tell_devices(std::vector<int> held) override { devices_ = std::move(held); }

    /// What the user should know once: why other runs are not counted. Empties it.
    std::optional<std::string> take_notice();

private:
    void open();
    void look_at_memory();
    Resources agree_alone(const std::function<Resources(const Resources&)>& decide);
    Resources agree_under(const LedgerFile::Lock& lock, const std::function<Resources(const Resources&)>& decide);
    void give_up_sharing(const Error& error);

    Setup setup_;
    const Clock& clock_;
    std::optional<LedgerFile> file_;
    std::optional<std::string> notice_;
    Resources held_;
    Others others_;
    std::vector<QueueHolding> queues_;  ///< this run's, as told last
    std::vector<int> devices_;          ///< likewise
    Bytes used_by_this_run_{};
    std::optional<MemoryState> memory_;
    std::optional<Instant> looked_;
};

}  // namespace plimsoll::machine
