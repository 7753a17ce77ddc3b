// SPDX-License-Identifier: Apache-2.0
// TransferModel: how many bytes tasks of one kind move in one way (from the disk, to it, over the network), as a
// typical value and an upper bound.
//
// Typical is the median of the last ones or, where that has been nearer so far, so many bytes per byte of input. The
// bound multiplies it by a quantile of the ratios (what came / what was said before it): split conformal prediction, as
// in quantity_model.h, over a window so short that a kind costs some hundred bytes: transfers are told, and order
// tasks, but nothing is lost where they come out larger.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include "plimsoll/model/forecast.h"

namespace plimsoll::forecast {

class TransferModel {
public:
    /// x: bytes of input; y: bytes moved, 0 too.
    void learn(double x, double y);
    /// Of a task with so much input. Nothing where nothing was ever moved: then nobody may have counted.
    std::optional<Estimate> estimate(double x) const;

    template <class Archive>
    void members(Archive& archive) {
        archive(last_, median_error_, ratio_error_, moved_);
    }

private:
    struct Point {
        float x = 0, y = 0;
        float said = -1;  ///< before it came; below 0: nothing was
    };
    static constexpr std::size_t window = 24;
    using Values = std::array<double, window>;
    double median_of(Values& values, std::size_t count) const;
    double median() const;
    double by_input(double x) const;
    double word(double x) const;

    std::vector<Point> last_;                    ///< oldest first
    double median_error_ = 0, ratio_error_ = 0;  ///< |log(what came / what was said)|, what is long ago counting less
    bool moved_ = false;                         ///< anything, ever
};

}  // namespace plimsoll::forecast
