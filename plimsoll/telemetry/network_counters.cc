// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/telemetry/network_counters.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace plimsoll::telemetry {

NetworkCounters::NetworkCounters(int proc) : proc_(proc), own_(namespace_of("self/ns/net")) {}

/// From "net:[4026531840]"; 0 when it may not be seen.
std::uint64_t NetworkCounters::namespace_of(const char* path) const {
    std::array<char, 64> room;
    const ssize_t length = ::readlinkat(proc_, path, room.data(), room.size());
    if (length <= 0) return 0;
    std::string_view text(room.data(), static_cast<std::size_t>(length));
    constexpr std::string_view head = "net:[";
    if (!text.starts_with(head)) return 0;
    text.remove_prefix(head.size());
    return machine::take_number(text).value_or(0);
}

void NetworkCounters::add(AttemptId attempt, std::span<const int> pids, Usage& usage, ReadBuffer& buffer) {
    if (own_ == 0) return;
    std::uint64_t before = 0;
    for (const int pid : pids) {
        const std::uint64_t inode = namespace_of(ProcessPath(pid, "ns/net").text());
        if (inode == 0 || inode == own_ || inode == before) continue;
        see(inode, attempt, pid, buffer);
        before = inode;
    }
    for (const Namespace& known : known_) {
        if (known.owner != attempt) continue;
        usage.network_in += Bytes{static_cast<std::int64_t>(known.last.in - known.first.in)};
        usage.network_out += Bytes{static_cast<std::int64_t>(known.last.out - known.first.out)};
    }
}

void NetworkCounters::see(std::uint64_t inode, AttemptId attempt, int pid, ReadBuffer& buffer) {
    auto known = std::find_if(known_.begin(), known_.end(), [&](const Namespace& it) { return it.inode == inode; });
    const bool is_new = known == known_.end();
    if (!is_new && known->owner != attempt) known->is_shared = true;
    if (!is_new && known->is_shared) return;
    const std::string_view text = buffer.read_at(proc_, ProcessPath(pid, "net/dev").text());
    if (text.empty()) return;  // the process has just ended
    const machine::NetworkBytes now = machine::network_bytes(text);
    if (is_new) {
        known_.push_back({.inode = inode, .owner = attempt, .first = now, .last = now});
        return;
    }
    // An interface that is taken away takes its counters along.
    known->last = {std::max(known->last.in, now.in), std::max(known->last.out, now.out)};
}

void NetworkCounters::forget(AttemptId attempt) {
    std::erase_if(known_, [&](const Namespace& known) { return known.owner == attempt; });
}

}  // namespace plimsoll::telemetry
