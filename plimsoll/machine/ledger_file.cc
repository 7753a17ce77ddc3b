// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/ledger_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>

#include "plimsoll/base/hash.h"
#include "plimsoll/base/probe.h"
#include "plimsoll/machine/device_page.h"
#include "plimsoll/machine/ledger_page.h"
#include "plimsoll/machine/queue_page.h"

namespace plimsoll::machine {
namespace {

constexpr std::uint64_t magic = 0x31524744454c4d50;  // "PMLEDGR1"
constexpr off_t agreement_byte = off_t{1} << 40;     // far behind the last slot; locks need no content

/// A slot as it stands in the file.
struct Slot {
    std::uint64_t magic;
    std::int64_t pid;
    std::array<double, resource_kind_count> reserved;
    std::int64_t memory_used;
    std::uint64_t token;  ///< of the owner's page of queues; 0: it has none
    std::uint64_t padding;
    std::uint64_t checksum;  ///< of all before it
};
static_assert(sizeof(Slot) == 128);

Slot slot_of(const Holding& holding, std::uint64_t token) {
    Slot slot{};
    slot.magic = magic;
    slot.token = token;
    slot.pid = holding.pid;
    for (int kind = 0; kind < resource_kind_count; ++kind)
        slot.reserved[static_cast<std::size_t>(kind)] = holding.reserved.amount(static_cast<ResourceKind>(kind));
    slot.memory_used = holding.memory_used.count;
    slot.checksum = checksum_of(slot);
    return slot;
}

/// Nothing for a slot that no run of ours can have written.
std::optional<Holding> holding_of(const Slot& slot) {
    if (slot.magic != magic || slot.checksum != checksum_of(slot) || slot.memory_used < 0) return std::nullopt;
    for (const double amount : slot.reserved)
        if (!std::isfinite(amount) || amount < 0 || amount > 1e18) return std::nullopt;
    const auto bytes = [&](ResourceKind kind) {
        return Bytes{static_cast<std::int64_t>(slot.reserved[static_cast<std::size_t>(kind)])};
    };
    const auto number = [&](ResourceKind kind) { return slot.reserved[static_cast<std::size_t>(kind)]; };
    using enum ResourceKind;
    return Holding{.pid = static_cast<int>(slot.pid),
                   .reserved = {.cpu = {number(cpu)},
                                .memory = bytes(memory),
                                .gpu = number(gpu),
                                .gpu_memory = bytes(gpu_memory),
                                .disk_read = bytes(disk_read),
                                .disk_write = bytes(disk_write),
                                .iops = number(iops),
                                .network_in = bytes(network_in),
                                .network_out = bytes(network_out),
                                .scratch = bytes(scratch)},
                   .memory_used = {slot.memory_used}};
}

constexpr off_t first_page = off_t{1} << 16;  // behind the last slot
off_t page_of(int slot) { return first_page + static_cast<off_t>(slot) * static_cast<off_t>(queue_page_bytes); }

/// What a run's page tells of its queues; nothing of one that tells none, or is being written.
std::vector<QueueHolding> read_queues(int fd, int at, std::uint64_t token) {
    QueuePage page{};
    if (token == 0 || ::pread(fd, page.data(), page.size(), page_of(at)) != static_cast<ssize_t>(page.size()))
        return {};
    return queues_of(page, token).value_or(std::vector<QueueHolding>{});
}

constexpr off_t first_device_page = first_page + LedgerFile::most_slots * static_cast<off_t>(queue_page_bytes);
off_t device_page_at(int slot) {
    return first_device_page + static_cast<off_t>(slot) * static_cast<off_t>(device_page_bytes);
}

/// Adds what a run's page tells that it holds of each GPU.
void add_devices(int fd, int at, std::uint64_t token, std::vector<int>& held) {
    DevicePage page{};
    if (token == 0 || ::pread(fd, page.data(), page.size(), device_page_at(at)) != static_cast<ssize_t>(page.size()))
        return;
    const std::vector<int> told = devices_of(page, token).value_or(std::vector<int>{});
    held.resize(std::max(held.size(), told.size()));
    for (std::size_t device = 0; device < told.size(); ++device) held[device] += told[device];
}

off_t offset_of(int slot) { return static_cast<off_t>(slot) * static_cast<off_t>(sizeof(Slot)); }

struct flock byte_lock(short type, off_t at) {
    struct flock lock{};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    lock.l_start = at;
    lock.l_len = 1;
    return lock;
}

bool try_lock(int fd, off_t at) {
    struct flock lock = byte_lock(F_WRLCK, at);
    return ::fcntl(fd, F_OFD_SETLK, &lock) == 0;
}

bool is_held_by_another() { return errno == EAGAIN || errno == EACCES; }

/// Calls `visit` with each slot from `first` up to, not including, `last` that another run has locked. The
/// kernel names any one lock in a range, so what is before and behind it is asked again.
void visit_living(int fd, int first, int last, const auto& visit) {
    if (first >= last) return;
    struct flock lock = byte_lock(F_WRLCK, offset_of(first));
    lock.l_len = offset_of(last) - offset_of(first);
    if (::fcntl(fd, F_OFD_GETLK, &lock) != 0 || lock.l_type == F_UNLCK) return;
    const int found = static_cast<int>(lock.l_start / static_cast<off_t>(sizeof(Slot)));
    visit_living(fd, first, found, visit);
    visit(found);
    visit_living(fd, found + 1, last, visit);
}

Result<void> write_slot(int fd, int at, const Slot& slot) {
    if (::pwrite(fd, &slot, sizeof slot, offset_of(at)) == static_cast<ssize_t>(sizeof slot)) return {};
    return system_error("write the ledger of runs");
}

Result<Fd> checked(Fd file, const std::string& path) {
    struct stat found{};
    if (::fstat(file.fd(), &found) < 0) return system_error("look at " + path);
    if (!S_ISREG(found.st_mode) || found.st_nlink > 1)
        return unavailable(path + " is not a plain file with one name; remove it");
    return file;
}

/// Opened without O_CREAT: in a folder like /dev/shm the kernel refuses O_CREAT on a file of another user
/// (fs.protected_regular), but lets all write who have the right to.
Result<Fd> open_existing(const std::string& path) {
    Fd file(::open(path.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (!file) return system_error("open " + path);
    return checked(std::move(file), path);
}

/// Made without a name, opened to everybody whatever the umask, and only then given its name: nobody meets
/// it half made, and nothing is left over by a crash.
Result<Fd> make(const std::string& path) {
    const std::string folder = path.substr(0, path.rfind('/'));
    Fd file(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0666));
    if (!file) return system_error("make a file in " + folder);
    if (::fchmod(file.fd(), 0666) < 0) return system_error("open " + path + " to other users");
    const std::string unnamed = "/proc/self/fd/" + std::to_string(file.fd());
    if (::linkat(AT_FDCWD, unnamed.c_str(), AT_FDCWD, path.c_str(), AT_SYMLINK_FOLLOW) < 0)
        return errno == EEXIST ? open_existing(path) : system_error("make " + path);
    return file;
}

}  // namespace

LedgerFile::Lock::~Lock() {
    if (fd_ < 0) return;
    struct flock lock = byte_lock(F_UNLCK, agreement_byte);
    ::fcntl(fd_, F_OFD_SETLK, &lock);
}

Result<LedgerFile> LedgerFile::open(const std::string& path, const Clock& clock) {
    auto file = open_existing(path);
    if (!file && file.error().kind == ErrorKind::not_found) file = make(path);
    if (!file) return std::move(file).error();
    LedgerFile ledger(path, std::move(*file), clock);
    PLIM_TRY(ledger.take_slot());
    return ledger;
}

std::optional<LedgerFile::Lock> LedgerFile::lock(Duration patience) const {
    const Instant deadline = clock_->now() + patience;
    for (int tries = 0; !try_lock(file_.fd(), agreement_byte); ++tries) {
        if (!is_held_by_another() || clock_->now() >= deadline) return std::nullopt;
        // An agreement takes microseconds unless its owner is starting tasks.
        if (tries < 20) ::sched_yield();
        else ::poll(nullptr, 0, 1);
    }
    return Lock(file_.fd());
}

Result<void> LedgerFile::take_slot() {
    const auto held = lock(std::chrono::seconds(1));
    if (!held && !is_held_by_another()) return system_error("lock " + path_);
    if (!held) return Error{ErrorKind::refused, path_ + " is locked by a run that does not go on"};
    for (int slot = 0; slot < most_slots; ++slot) {
        if (!try_lock(file_.fd(), offset_of(slot))) continue;
        slot_ = slot;
        // Differs from that of whoever had the slot before.
        const std::uint64_t seed[] = {static_cast<std::uint64_t>(::getpid()),
                                      static_cast<std::uint64_t>(clock_->now().time_since_epoch().count())};
        token_ = hash_of({reinterpret_cast<const char*>(seed), sizeof seed}).low | 1;
        queues_.reset();
        devices_.clear();
        return write_slot(file_.fd(), slot, slot_of({.pid = ::getpid(), .reserved = {}, .memory_used = {}}, token_));
    }
    return Error{ErrorKind::refused, fmt::format("{} runs share this machine already", most_slots)};
}

Result<OthersHolding> LedgerFile::read_others(const Lock&) const {
    OthersHolding others;
    bool failed = false;
    visit_living(file_.fd(), 0, most_slots, [&](int at) {
        Slot slot{};
        failed |= ::pread(file_.fd(), &slot, sizeof slot, offset_of(at)) < 0;
        ++others.runs;
        if (const auto holding = holding_of(slot)) {
            others.reserved += holding->reserved;
            others.memory_used += holding->memory_used;
            for (QueueHolding& queue : read_queues(file_.fd(), at, slot.token))
                others.queues.push_back(std::move(queue));
            if (holding->reserved.gpu > 0) add_devices(file_.fd(), at, slot.token, others.devices);
        } else {
            PLIM_PROBE("ledger: a living owner's slot is damaged");
            others.unreadable = true;
        }
    });
    if (failed) return system_error("read " + path_);
    return others;
}

Result<std::vector<Holding>> LedgerFile::holdings(const std::string& path) {
    std::vector<Holding> all;
    const Fd file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (!file && errno == ENOENT) return all;
    if (!file) return system_error("open " + path);
    visit_living(file.fd(), 0, most_slots, [&](int at) {
        Slot slot{};
        if (::pread(file.fd(), &slot, sizeof slot, offset_of(at)) != static_cast<ssize_t>(sizeof slot)) return;
        if (auto holding = holding_of(slot)) all.push_back(std::move(*holding));
    });
    return all;
}

Result<void> LedgerFile::write(const Lock&, const Holding& holding) {
    return write_slot(file_.fd(), slot_, slot_of(holding, token_));
}

Result<void> LedgerFile::write_queues(const Lock&, std::vector<QueueHolding> queues) {
    if (queues_ == queues) return {};
    const QueuePage page = queue_page_of(token_, queues);
    if (::pwrite(file_.fd(), page.data(), page.size(), page_of(slot_)) != static_cast<ssize_t>(page.size()))
        return system_error("write the ledger of runs");
    queues_ = std::move(queues);
    return {};
}

Result<void> LedgerFile::write_devices(const Lock&, const std::vector<int>& held) {
    if (devices_ == held) return {};
    const DevicePage page = device_page_of(token_, held);
    if (::pwrite(file_.fd(), page.data(), page.size(), device_page_at(slot_)) != static_cast<ssize_t>(page.size()))
        return system_error("write the ledger of runs");
    devices_ = held;
    return {};
}

bool LedgerFile::is_deleted() const {
    struct stat found{};
    return ::fstat(file_.fd(), &found) < 0 || found.st_nlink == 0;
}

}  // namespace plimsoll::machine
