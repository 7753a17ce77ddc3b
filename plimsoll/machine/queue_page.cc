// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/queue_page.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string_view>

#include "plimsoll/machine/ledger_page.h"

namespace plimsoll::machine {
namespace {

constexpr std::uint64_t magic = 0x3155455551'4d50;  // "PMQUEU1"

struct Amounts {
    double cpu, memory, gpu;
};

struct Entry {
    char path[queue_path_longest + 1];  ///< ends with 0
    Amounts held, first;
    std::int64_t running;
    std::int64_t waits;  ///< so many; 0: `first` does not count
};

struct Page {
    std::uint64_t magic;
    std::uint64_t token;
    std::uint64_t count;
    Entry entries[queue_page_most];
    std::uint64_t checksum;  ///< of all before it
};

Amounts amounts_of(const Resources& resources) {
    return {resources.cpu.count, static_cast<double>(resources.memory.count), resources.gpu};
}

Resources resources_of(const Amounts& amounts) {
    return {.cpu = {amounts.cpu}, .memory = Bytes{static_cast<std::int64_t>(amounts.memory)}, .gpu = amounts.gpu};
}

bool is_sane(const Amounts& amounts) {
    return std::ranges::all_of(std::initializer_list<double>{amounts.cpu, amounts.memory, amounts.gpu},
                               [](double x) { return std::isfinite(x) && x >= 0 && x <= 1e18; });
}

std::optional<QueueHolding> holding_of(const Entry& entry, std::uint64_t token) {
    const std::size_t length = ::strnlen(entry.path, sizeof entry.path);
    if (length == sizeof entry.path || !is_sane(entry.held) || !is_sane(entry.first)) return std::nullopt;
    QueueHolding holding{.path = std::string(entry.path, length),
                         .run = token,
                         .held = resources_of(entry.held),
                         .running = static_cast<int>(std::clamp<std::int64_t>(entry.running, 0, 1 << 30)),
                         .first = {}};
    if (entry.waits < 1) return holding;
    holding.first = resources_of(entry.first);
    holding.waiting = static_cast<int>(std::min<std::int64_t>(entry.waits, 1 << 30));
    return holding;
}

}  // namespace

QueuePage queue_page_of(std::uint64_t token, std::span<const QueueHolding> queues) {
    Page page{};
    page.magic = magic;
    page.token = token;
    for (const QueueHolding& queue : queues) {
        const bool is_new = page.count < queue_page_most;
        Entry& entry = page.entries[is_new ? page.count++ : queue_page_most - 1];
        if (is_new) {
            std::string_view(queue.path).substr(0, queue_path_longest).copy(entry.path, queue_path_longest);
            if (queue.first) entry.first = amounts_of(*queue.first);
            entry.waits = queue.first ? std::max(1, queue.waiting) : 0;
        }
        const Amounts held = amounts_of(queue.held);
        entry.held = {entry.held.cpu + held.cpu, entry.held.memory + held.memory, entry.held.gpu + held.gpu};
        entry.running += queue.running;
    }
    return sealed_page<queue_page_bytes>(page);
}

std::optional<std::vector<QueueHolding>> queues_of(const QueuePage& bytes, std::uint64_t token) {
    const auto page = opened_page<Page>(bytes, magic, token);
    if (!page || page->count > queue_page_most) return std::nullopt;
    std::vector<QueueHolding> queues;
    for (std::size_t at = 0; at < page->count; ++at) {
        auto holding = holding_of(page->entries[at], token);
        if (!holding) return std::nullopt;
        queues.push_back(std::move(*holding));
    }
    return queues;
}

}  // namespace plimsoll::machine
