// SPDX-License-Identifier: Apache-2.0
// An amount over a program's own time, as points: linear between them, a step where two share a time.
#pragma once

#include <string_view>
#include <vector>

#include "plimsoll/base/result.h"
#include "plimsoll/base/time.h"

namespace plimsoll::load {

struct Point {
    Duration at{};
    double amount = 0;
    bool operator==(const Point&) const = default;
};

/// Times never fall. Before the first point the amount is the first one's, after the last one the last one's;
/// without points it is 0.
using Curve = std::vector<Point>;

/// Where two points share a time: the later one's amount.
double amount_at(const Curve& curve, Duration time);
Duration end_of(const Curve& curve);

/// What to hold, in order, when time goes from `from` (excluded) to `to` (included): the points between, both
/// sides of a step, and the amount at `to`.
std::vector<double> amounts_between(const Curve& curve, Duration from, Duration to);

/// "0s:10MiB 2s:200MiB": points as TIME:AMOUNT, separated by blanks.
Result<Curve> parse_memory_curve(std::string_view text);
/// "0s:1 3s:0.2"
Result<Curve> parse_core_curve(std::string_view text);

}  // namespace plimsoll::load
