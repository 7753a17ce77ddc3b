// SPDX-License-Identifier: Apache-2.0
// What a survey of the machine means for whoever runs Plimsoll on it: what works, what is degraded and how that shows,
// and the commands that would help. Values in, values out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/machine/survey.h"

namespace plimsoll::machine {

enum class Standing {
    good,
    note,      ///< worth knowing; nothing is worse for it
    degraded,  ///< it runs, with less
    missing,   ///< it cannot run
};
/// "ok", "note", "degraded", "missing".
std::string_view name_of(Standing standing);

struct Finding {
    std::string subject;  ///< "cgroups", "memory"
    Standing standing = Standing::good;
    std::string text;                   ///< what is so, and how that shows
    std::vector<std::string> remedies;  ///< commands, each of which would help by itself, the best first
};

/// In the order in which they are told.
std::vector<Finding> findings(const Survey& survey);

/// Of cgroups alone; the longest of them.
Finding group_finding(const Survey& survey);

/// The kernel's version is at least that: "5.10.0-23-amd64" is 5.10.
bool is_kernel_at_least(std::string_view release, int major, int minor);

}  // namespace plimsoll::machine
