// SPDX-License-Identifier: Apache-2.0
// The profiles of a run's steps, for people: `show --steps`.
#pragma once

#include <span>
#include <string>

#include "plimsoll/profile/step_profile.h"

namespace plimsoll::cli {

/// A paragraph for each step: time, memory, cores, disk, network, stalls, what it reads and hands on, what went
/// wrong. Lines of which nothing is known are left out, but for memory.
std::string steps_text(std::span<const profile::StepProfile> steps);

}  // namespace plimsoll::cli
