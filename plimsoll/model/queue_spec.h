// SPDX-License-Identifier: Apache-2.0
// QueueSpec: who shares a machine with whom, and how; as a config file says it. Plain values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/base/time.h"
#include "plimsoll/model/resources.h"

namespace plimsoll {

/// What decides among a queue's children, or, in a queue without children, among its tasks.
enum class Discipline : std::uint8_t {
    fair,      ///< children: who holds the least dominant share for its weight (weighted DRF)
    sfq,       ///< children: who was served the least for its weight over time (start-time fair queueing)
    priority,  ///< children: the highest priority first, always; tasks: likewise
    path,      ///< tasks: the longest path, priority, waiting
    fifo,      ///< tasks: who was handed in first; of one workflow in its order
    edf,       ///< tasks: whose deadline comes first
    depth,     ///< tasks: what follows on finished work before new work is begun
};
std::string_view name_of(Discipline discipline);
bool orders_children(Discipline discipline);
bool orders_tasks(Discipline discipline);

/// Amounts of which some are not spoken of.
struct QueueAmounts {
    std::optional<Cores> cpu;
    std::optional<Bytes> memory;
    std::optional<double> gpu;
    bool operator==(const QueueAmounts&) const = default;
};

struct QueueSpec {
    std::string path;  ///< "prod/nightly"; "" of the root, which is the first of a list
    int parent = -1;   ///< its place in the list, before this one; -1: it is the root
    double weight = 1;
    double priority = 0;  ///< among its siblings, where their parent goes by priority
    Discipline discipline = Discipline::path;
    QueueAmounts guaranteed = {};  ///< as long as it holds less, it goes before siblings that hold theirs
    QueueAmounts most = {};        ///< its tasks together never hold more
    int max_running = 0;           ///< attempts at once; 0: any number
    double ageing = 0.1;           ///< seconds of path that a second of waiting is worth
    /// Having waited so long below its share, it takes back what its siblings have borrowed; none: it waits for their
    /// tasks to end.
    std::optional<Duration> reclaim_after = {};
    bool operator==(const QueueSpec&) const = default;
};

/// A root and one queue "default" below it: what holds where nobody says otherwise.
std::vector<QueueSpec> default_queues();
/// Is any of them of that discipline?
bool has_discipline(std::span<const QueueSpec> queues, Discipline discipline);
/// Its place in the list; nothing where there is none of that path.
std::optional<std::size_t> find_queue(std::span<const QueueSpec> queues, std::string_view path);
/// Does any of them take back what others have borrowed?
bool some_reclaim(std::span<const QueueSpec> queues);

}  // namespace plimsoll
