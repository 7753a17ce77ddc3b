// SPDX-License-Identifier: Apache-2.0
// How busy the machine's cores are, whoever keeps them so.
#pragma once

#include <optional>
#include <string>

#include "plimsoll/base/time.h"

namespace plimsoll::machine {

/// The time that all cores together have been busy since boot (the hypervisor's share apart), to the hundredth of a
/// second; nothing when /proc/stat cannot be read.
std::optional<Duration> busy_time(const std::string& proc = "/proc");

}  // namespace plimsoll::machine
