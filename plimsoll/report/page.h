// SPDX-License-Identifier: Apache-2.0
// The report as one HTML page that needs nothing else: no network, no other file. Its style and its scripts are the
// files in plimsoll/report/page, built into the program; what it shows is the JSON of one run, or of two to compare.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "plimsoll/report/run_report.h"

namespace plimsoll::report {

/// A file of plimsoll/report/page, by its name there.
std::string_view page_file(std::string_view name);

/// `before`: another run, usually an earlier one, that the first is compared with. `version`: of Plimsoll.
std::string page(const RunReport& report, const std::optional<RunReport>& before, std::string_view version);

}  // namespace plimsoll::report
