// SPDX-License-Identifier: Apache-2.0
// Splits and orders of the protocols with chance in them: those published with the data, or, where there are
// none, drawn from a seed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "benches/sizing/series.h"
#include "benches/sizing/trace.h"
#include "plimsoll/base/result.h"

namespace plimsoll::benches {

/// Rows of one kind: learnt first, then scored in this order.
struct Split {
    std::vector<std::size_t> learnt, scored;
};

struct Splits {
    std::map<std::string, Split> by_kind;
    bool drawn = false;  ///< from the seed: the file says nothing of this workflow
};
/// Protocol S: of kinds with at least 34 rows and no runtime of 0 among those with rss.
Result<Splits> split_for_s(const std::string& folder, const std::vector<TraceTask>& trace, std::uint64_t seed);

struct Rows {
    std::set<std::size_t> rows;
    bool drawn = false;
};
/// Protocol W: the rows learnt beforehand.
Result<Rows> learnt_for_w(const std::string& folder, const std::vector<TraceTask>& trace, std::uint64_t seed);

struct Halves {
    std::map<int, std::set<std::int64_t>> learnt_by_seed;  ///< ids
    bool drawn = false;
};
/// Protocols T and G: the half learnt, for each of ten seeds.
Result<Halves> halves_for_t(const std::string& folder, const std::vector<SeriesTask>& tasks, std::uint64_t seed);

}  // namespace plimsoll::benches
