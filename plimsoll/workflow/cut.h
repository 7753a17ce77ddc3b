// SPDX-License-Identifier: Apache-2.0
// Where a file may be cut into parts: only where a record begins. Nothing is read but what lies around the cuts.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "plimsoll/base/result.h"
#include "plimsoll/model/split.h"

namespace plimsoll::workflow {

/// How a file is cut: the length of its header, then where each part begins and the last one ends, ascending. There
/// are fewer parts than shares where records are longer than those.
struct Cuts {
    std::int64_t header_end = 0;
    std::vector<std::int64_t> ends;
    bool operator==(const Cuts&) const = default;
};

/// `shares` of what follows the header, which add up to 1, in order. invalid: the file is not made of such records.
Result<Cuts> cut_file(const std::string& path, const SplitRule& rule, std::span<const double> shares);

/// Of `count` things, of which `shares` go to the parts: where each part begins and the last one ends, ascending.
std::vector<std::int64_t> cut_count(std::int64_t count, std::span<const double> shares);

/// Of files of these sizes, in order, so that each part has about its share of the bytes.
std::vector<std::int64_t> deal_files(std::span<const std::int64_t> sizes, std::span<const double> shares);

}  // namespace plimsoll::workflow
