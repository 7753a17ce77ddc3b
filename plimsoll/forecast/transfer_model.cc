// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/forecast/transfer_model.h"

#include <algorithm>
#include <cmath>

namespace plimsoll::forecast {
namespace {

constexpr double transfers_promised = 0.9;
constexpr double error_remembered = 0.95;  ///< of an error, from one instance to the next
/// Less than a block of a disk is nobody's concern: keeps ratios of what is nearly nothing near 1.
constexpr double disk_block = 4096;

double off_by(double came, double said) { return (came + disk_block) / (said + disk_block); }

}  // namespace

double TransferModel::median_of(Values& values, std::size_t count) const {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(count / 2);
    std::nth_element(values.begin(), middle, values.begin() + static_cast<std::ptrdiff_t>(count));
    return *middle;
}

double TransferModel::median() const {
    Values values{};
    for (std::size_t at = 0; at < last_.size(); ++at) values[at] = static_cast<double>(last_[at].y);
    return median_of(values, last_.size());
}

double TransferModel::by_input(double x) const {
    Values values{};
    std::size_t count = 0;
    for (const Point& point : last_)
        if (point.x > 0) values[count++] = static_cast<double>(point.y) / static_cast<double>(point.x);
    return x > 0 && count > 0 ? x * median_of(values, count) : median();
}

double TransferModel::word(double x) const { return ratio_error_ < median_error_ ? by_input(x) : median(); }

void TransferModel::learn(double x, double y) {
    moved_ |= y > 0;
    Point point{.x = static_cast<float>(x), .y = static_cast<float>(y)};
    if (!last_.empty()) {
        point.said = static_cast<float>(word(x));
        median_error_ = error_remembered * median_error_ + std::abs(std::log(off_by(y, median())));
        ratio_error_ = error_remembered * ratio_error_ + std::abs(std::log(off_by(y, by_input(x))));
    }
    if (last_.size() == window) last_.erase(last_.begin());
    last_.push_back(point);
}

std::optional<Estimate> TransferModel::estimate(double x) const {
    if (!moved_) return std::nullopt;
    const double typical = word(x);
    Values ratios{};
    std::size_t count = 0;
    for (const Point& point : last_)
        if (point.said >= 0) ratios[count++] = off_by(static_cast<double>(point.y), static_cast<double>(point.said));
    Estimate estimate{.p50 = typical, .bound = typical, .stated = {}, .measured = {}};
    if (count == 0) return estimate;
    const auto wanted = static_cast<std::size_t>(std::ceil(transfers_promised * static_cast<double>(count + 1)));
    const std::size_t place = std::min(wanted, count) - 1;
    const auto at = ratios.begin() + static_cast<std::ptrdiff_t>(place);
    std::nth_element(ratios.begin(), at, ratios.begin() + static_cast<std::ptrdiff_t>(count));
    estimate.bound = std::max(typical, *at * (typical + disk_block) - disk_block);
    if (wanted <= count) estimate.stated = transfers_promised;
    return estimate;
}

}  // namespace plimsoll::forecast
