// SPDX-License-Identifier: Apache-2.0
// A survey of the machine and what it means, for people and for programs.
#pragma once

#include <span>
#include <string>

#include "plimsoll/machine/findings.h"

namespace plimsoll::cli {

struct Diagnosis {
    machine::Survey survey;
    std::vector<machine::Finding> findings;
    std::string trouble;  ///< why nothing can run here; "" where it can
    bool can_run() const { return trouble.empty(); }
};

/// One line a finding, wrapped at 80 columns, with what would help beneath it; commands are never broken.
std::string doctor_text(const Diagnosis& diagnosis, bool in_colour);
/// True to docs/reference/schemas/doctor.schema.json; ends in a newline.
std::string doctor_json(const Diagnosis& diagnosis);

}  // namespace plimsoll::cli
