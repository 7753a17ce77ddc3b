// SPDX-License-Identifier: Apache-2.0
// Recorded runs beside what they would have taken otherwise, for people, programs and browsers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plimsoll/simulate/what_if.h"

namespace plimsoll::cli {

struct Compared {
    simulate::Alternative how;
    simulate::CourseEstimate estimate;
    std::vector<std::pair<std::string, double>> starts_s = {};  ///< of each task, where one run is played as it was
};

struct Comparison {
    std::string title;  ///< "run 20261121-044742-7f3a of variants"
    std::size_t runs = 0, tasks = 0;
    std::size_t without_needs = 0;    ///< runs of which it is not known who needs whom
    std::size_t without_request = 0;  ///< tasks that asked for no memory
    int draws = 1;
    std::uint64_t seed = 1;
    std::optional<simulate::Course> recorded;  ///< as it went; nothing of a trace
    std::vector<Compared> rows;
};

/// "critical-path, risk 1, cpu=4 memory=8.00 GiB"
std::string name_of(const simulate::Alternative& how);

std::string comparison_text(const Comparison& comparison);
std::string comparison_json(const Comparison& comparison);
std::string comparison_page(const Comparison& comparison);

}  // namespace plimsoll::cli
