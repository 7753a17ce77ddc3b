// SPDX-License-Identifier: Apache-2.0
// CurveRun: one finished run as curves are learnt from it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "plimsoll/model/profile.h"

namespace plimsoll::forecast {

constexpr std::size_t curve_cells = 64;
using Cells = std::array<float, curve_cells>;

struct CurveRun {
    double x = 0;          ///< bytes of input
    double runtime_s = 0;  ///< 64 cells of equal length make it up
    double peak = 0;       ///< bytes
    Cells memory{};        ///< the largest in each cell, as a share of the peak
    Cells cores{};         ///< the mean in each cell, as a share of the mean over the run
};

/// The same in half the room, as it is kept: a 65,535th of the peak, or a 1,024th of the mean, is nothing to go by.
/// Memory is rounded up.
struct KeptRun {
    double x = 0, runtime_s = 0, peak = 0;
    std::array<std::uint16_t, curve_cells> memory{}, cores{};
};
KeptRun kept(const CurveRun& run);
CurveRun unpacked(const KeptRun& run);

/// Nothing of a run whose use over time, or whose peak, is not known.
std::optional<CurveRun> curve_run(double x, const Profile& profile);

}  // namespace plimsoll::forecast
