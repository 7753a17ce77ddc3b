// SPDX-License-Identifier: Apache-2.0
// A scenario file (TOML, docs/reference/scenarios.md) -> the scenario and what is expected of it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "plimsoll/base/result.h"
#include "plimsoll/simulate/scenario.h"

namespace plimsoll::simulate {

/// "makespan": "<= 40s", of one run.
struct Expectation {
    int run = 0;  ///< from 1; 0: the last
    std::string what;
    std::string wanted;
};

struct ScenarioFile {
    Scenario scenario;
    std::vector<Expectation> expectations;
};

/// An error names the file and the place in it. Keys that nobody reads are errors.
Result<ScenarioFile> read_scenario(const std::string& path);
/// The same from text; `folder` is where a workflow file that it names is looked for.
Result<ScenarioFile> parse_scenario(std::string_view text, const std::string& folder);

}  // namespace plimsoll::simulate
