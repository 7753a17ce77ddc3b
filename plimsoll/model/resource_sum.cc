// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/model/resource_sum.h"

#include <cmath>

namespace plimsoll {
namespace {

constexpr double fraction = 1e9;

std::int64_t fractions(double amount) { return std::llround(amount * fraction); }

}  // namespace

void ResourceSum::count(const Resources& a, std::int64_t sign) {
    const ResourceCounts counts = {fractions(a.cpu.count), a.memory.count,     fractions(a.gpu),  a.gpu_memory.count,
                                   a.disk_read.count,      a.disk_write.count, fractions(a.iops), a.network_in.count,
                                   a.network_out.count,    a.scratch.count};
    for (std::size_t kind = 0; kind < counts.size(); ++kind) counts_[kind] += sign * counts[kind];
}

Resources ResourceSum::total() const {
    const auto amount = [this](ResourceKind kind) { return counts_[static_cast<std::size_t>(kind)]; };
    const auto share = [&](ResourceKind kind) { return static_cast<double>(amount(kind)) / fraction; };
    return {.cpu = Cores{share(ResourceKind::cpu)},
            .memory = Bytes{amount(ResourceKind::memory)},
            .gpu = share(ResourceKind::gpu),
            .gpu_memory = Bytes{amount(ResourceKind::gpu_memory)},
            .disk_read = Bytes{amount(ResourceKind::disk_read)},
            .disk_write = Bytes{amount(ResourceKind::disk_write)},
            .iops = share(ResourceKind::iops),
            .network_in = Bytes{amount(ResourceKind::network_in)},
            .network_out = Bytes{amount(ResourceKind::network_out)},
            .scratch = Bytes{amount(ResourceKind::scratch)}};
}

}  // namespace plimsoll
