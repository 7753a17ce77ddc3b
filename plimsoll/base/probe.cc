// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/base/probe.h"

#include <map>
#include <mutex>

namespace plimsoll {
namespace {

struct Registry {
    std::mutex guard;
    std::map<std::string, std::atomic<std::uint64_t>> counters;  // node-based: references stay good
};

Registry& registry() {
    static Registry probes;
    return probes;
}

}  // namespace

std::atomic<std::uint64_t>& probe_counter(const char* name) {
    const std::lock_guard lock(registry().guard);
    return registry().counters[name];
}

std::vector<ProbeCount> probe_counts() {
    const std::lock_guard lock(registry().guard);
    std::vector<ProbeCount> counts;
    for (const auto& [name, reached] : registry().counters) counts.push_back({name, reached.load()});
    return counts;
}

}  // namespace plimsoll
