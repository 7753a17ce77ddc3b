// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/ledger.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "plimsoll/base/probe.h"

namespace plimsoll::machine {
namespace {

// Memory used by others changes slowly against this, and reading it costs more than an agreement.
constexpr Duration memory_age = std::chrono::seconds(1);
constexpr Duration lock_patience = std::chrono::milliseconds(100);

}  // namespace

Resources may_hold(const Resources& total, const HoldingOptions& options, const Resources& others_reserved,
                   Bytes used_by_foreign) {
    Resources most = total - others_reserved;
    most.memory -= options.keep_free + used_by_foreign;
    if (options.max_cpu) most.cpu = std::min(most.cpu, *options.max_cpu);
    if (options.max_memory) most.memory = std::min(most.memory, *options.max_memory);
    return clamp_to_zero(most);
}

Bytes used_by_foreign(const MemoryState& memory, Bytes used_by_runs) {
    return std::max(Bytes{}, memory.total - memory.available - used_by_runs);
}

SharedLedger::SharedLedger(Setup setup, const Clock& clock) : setup_(std::move(setup)), clock_(clock) { open(); }

void SharedLedger::open() {
    auto file = LedgerFile::open(setup_.file, clock_);
    if (file) file_ = std::move(*file);
    else give_up_sharing(file.error());
}

void SharedLedger::give_up_sharing(const Error& error) {
    PLIM_PROBE("ledger: not shared");
    file_.reset();
    notice_ = "other runs on this machine are not counted: " + error.message +
              "; where several run at once, divide the machine with --max-cpu and --max-memory";
}

std::optional<std::string> SharedLedger::take_notice() { return std::exchange(notice_, std::nullopt); }

Resources SharedLedger::total() const { return may_hold(setup_.machine, setup_.options, {}, {}); }

void SharedLedger::look_at_memory() {
    const Instant now = clock_.now();
    if (looked_ && now < *looked_ + memory_age) return;
    looked_ = now;
    if (setup_.used_by_this_run) used_by_this_run_ = setup_.used_by_this_run();
    if (setup_.memory) memory_ = setup_.memory();
}

Resources SharedLedger::agree(const std::function<Resources(const Resources& may_hold)>& decide) {
    look_at_memory();
    if (file_ && file_->is_deleted()) {
        PLIM_PROBE("ledger: deleted under a run");
        open();
    }
    if (!file_) return agree_alone(decide);
    const auto lock = file_->lock(lock_patience);
    if (lock) return agree_under(*lock, decide);
    PLIM_PROBE("ledger: another run keeps the lock");
    // The slot is left as it is: what it says is at least what is held from here on.
    return held_ = decide(held_);
}

Resources SharedLedger::agree_alone(const std::function<Resources(const Resources&)>& decide) {
    const Bytes foreign = memory_ ? used_by_foreign(*memory_, used_by_this_run_) : Bytes{};
    others_ = {.runs = {}, .programs = foreign, .kept_free = setup_.options.keep_free};
    return held_ = decide(may_hold(setup_.machine, setup_.options, {}, foreign));
}

Resources SharedLedger::agree_under(const LedgerFile::Lock& lock,
                                    const std::function<Resources(const Resources&)>& decide) {
    const auto others = file_->read_others(lock);
    if (!others || others->unreadable) {
        PLIM_PROBE("ledger: what others hold is unknown");
        held_ = decide(held_);
    } else {
        const Bytes foreign = memory_ ? used_by_foreign(*memory_, used_by_this_run_ + others->memory_used) : Bytes{};
        others_ = {.runs = others->reserved,
                   .programs = foreign,
                   .kept_free = setup_.options.keep_free,
                   .queues = others->queues,
                   .devices = others->devices};
        held_ = decide(may_hold(setup_.machine, setup_.options, others->reserved, foreign));
    }
    auto written = file_->write(lock, {.pid = ::getpid(), .reserved = held_, .memory_used = used_by_this_run_});
    if (written) written = file_->write_queues(lock, queues_);
    if (written) written = file_->write_devices(lock, devices_);
    // The slot stays locked with what it said before: better counted with too little than not at all.
    if (!written) notice_ = "other runs on this machine may count too little for this one: " + written.error().message;
    return held_;
}

}  // namespace plimsoll::machine
