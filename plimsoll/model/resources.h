// SPDX-License-Identifier: Apache-2.0
// Amounts of every kind of resource: what a task needs, a reservation holds, a node has.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "plimsoll/base/result.h"
#include "plimsoll/base/units.h"

namespace plimsoll {

enum class ResourceKind { cpu, memory, gpu, gpu_memory, disk_read, disk_write, iops, network_in, network_out, scratch };
constexpr int resource_kind_count = 10;

/// cpu in cores; memory, gpu_memory, scratch in bytes; gpu in devices; disk and network in bytes/s;
/// iops in operations/s. A kind that is 0 is not asked for, or not there.
struct Resources {
    Cores cpu{};
    Bytes memory{};
    double gpu = 0;
    Bytes gpu_memory{};
    Bytes disk_read{};
    Bytes disk_write{};
    double iops = 0;
    Bytes network_in{};
    Bytes network_out{};
    Bytes scratch{};

    bool operator==(const Resources&) const = default;
    Resources& operator+=(const Resources& other);
    Resources& operator-=(const Resources& other);
    friend Resources operator+(Resources a, const Resources& b) { return a += b; }
    friend Resources operator-(Resources a, const Resources& b) { return a -= b; }

    double amount(ResourceKind kind) const;
};

/// Is every kind at most what is there? Cores compare with a millionth of slack, for sums of fractions.
bool fits(const Resources& need, const Resources& there);
/// The first kind in the order of ResourceKind of which `need` asks for more than is there; "" if there is none.
std::string_view first_misfit(const Resources& need, const Resources& there);
Resources max_of(const Resources& a, const Resources& b);
Resources min_of(const Resources& a, const Resources& b);
/// max(0, x) of every kind.
Resources clamp_to_zero(Resources amounts);

/// The amounts as whole numbers in the order of ResourceKind: bytes and bytes/s as they are; cores, devices
/// and operations/s in millionths, rounded down so that six sixths of a core fit into one. Sums of these
/// are exact: what is added and taken away again leaves nothing behind.
using ResourceCounts = std::array<std::int64_t, resource_kind_count>;
ResourceCounts counts_of(const Resources& amounts);
Resources resources_of(const ResourceCounts& counts);

/// The largest share of the total that any kind takes (Ghodsi et al., NSDI 2011). A kind of which
/// there is none counts 0 when unused, 1 when asked for.
double dominant_share(const Resources& use, const Resources& total);

std::string_view name_of(ResourceKind kind);
/// "cpu=2 memory=3.00 GiB": the kinds that are not 0; "nothing" when all are.
std::string format(const Resources& amounts);
/// "cpu=2 memory=3GiB": names as above, blanks between.
Result<Resources> parse_resources(std::string_view text);

}  // namespace plimsoll
