// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/model/queue_spec.h"

#include <algorithm>

namespace plimsoll {

std::string_view name_of(Discipline discipline) {
    constexpr std::string_view names[] = {"fair", "sfq", "priority", "path", "fifo", "edf", "depth"};
    return names[static_cast<std::size_t>(discipline)];
}

bool orders_children(Discipline discipline) {
    return discipline == Discipline::fair || discipline == Discipline::sfq || discipline == Discipline::priority;
}

bool orders_tasks(Discipline discipline) { return discipline != Discipline::fair && discipline != Discipline::sfq; }

std::vector<QueueSpec> default_queues() {
    return {{.path = "", .discipline = Discipline::fair}, {.path = "default", .parent = 0}};
}

bool has_discipline(std::span<const QueueSpec> queues, Discipline discipline) {
    return std::ranges::find(queues, discipline, &QueueSpec::discipline) != queues.end();
}

std::optional<std::size_t> find_queue(std::span<const QueueSpec> queues, std::string_view path) {
    const auto found = std::ranges::find(queues, path, &QueueSpec::path);
    if (found == queues.end()) return std::nullopt;
    return static_cast<std::size_t>(found - queues.begin());
}

bool some_reclaim(std::span<const QueueSpec> queues) {
    return std::ranges::any_of(queues, [](const QueueSpec& queue) { return queue.reclaim_after.has_value(); });
}

}  // namespace plimsoll
