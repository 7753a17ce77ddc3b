// SPDX-License-Identifier: Apache-2.0
#include "curve.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "plimsoll/base/text.h"
#include "plimsoll/base/units.h"

namespace plimsoll::load {

namespace {

using ParseAmount = std::function<Result<double>(std::string_view)>;

Result<Point> parse_point(std::string_view text, const ParseAmount& parse_amount) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos)
        return invalid(fmt::format("'{}' is no point; write TIME:AMOUNT, as in 2s:200MiB", text));
    return Point{.at = PLIM_TRY(parse_duration(text.substr(0, colon))),
                 .amount = PLIM_TRY(parse_amount(text.substr(colon + 1)))};
}

Result<Curve> parse_curve(std::string_view text, const ParseAmount& parse_amount) {
    Curve curve;
    for (const std::string_view word : split(text, ' ')) {
        if (word.empty()) continue;
        const Point point = PLIM_TRY(parse_point(word, parse_amount));
        if (!curve.empty() && point.at < curve.back().at)
            return invalid(fmt::format("'{}' lies before the point in front of it; order the points by time", word));
        curve.push_back(point);
    }
    if (curve.empty()) return invalid("a curve has at least one point, as in 0s:200MiB");
    return curve;
}

}  // namespace

double amount_at(const Curve& curve, Duration time) {
    if (curve.empty()) return 0;
    const auto after = std::ranges::upper_bound(curve, time, {}, &Point::at);
    if (after == curve.begin()) return after->amount;
    const Point& before = *(after - 1);
    if (after == curve.end()) return before.amount;
    const double share = seconds(time - before.at) / seconds(after->at - before.at);
    return before.amount + share * (after->amount - before.amount);
}

Duration end_of(const Curve& curve) { return curve.empty() ? Duration{} : curve.back().at; }

std::vector<double> amounts_between(const Curve& curve, Duration from, Duration to) {
    std::vector<double> amounts;
    for (const Point& point : curve)
        if (point.at > from && point.at <= to) amounts.push_back(point.amount);
    const double last = amount_at(curve, to);
    if (amounts.empty() || amounts.back() != last) amounts.push_back(last);
    return amounts;
}

Result<Curve> parse_memory_curve(std::string_view text) {
    return parse_curve(text, [](std::string_view amount) -> Result<double> {
        return static_cast<double>(PLIM_TRY(parse_bytes(amount)).count);
    });
}

Result<Curve> parse_core_curve(std::string_view text) {
    return parse_curve(text,
                       [](std::string_view amount) -> Result<double> { return PLIM_TRY(parse_cores(amount)).count; });
}

}  // namespace plimsoll::load
