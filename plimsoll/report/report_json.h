// SPDX-License-Identifier: Apache-2.0
// A RunReport as the JSON that its page draws. What every attempt has stands in columns, one array a quantity, so
// that ten thousand attempts stay small; times are milliseconds from the start of the run.
#pragma once

#include <string>

#include "plimsoll/report/run_report.h"

namespace plimsoll::report {

/// One object. `show` in it is just what `plimsoll show --json` prints. Bytes that are no text are replaced.
std::string report_json(const RunReport& report);

}  // namespace plimsoll::report
