// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/base/log.h"

#include <unistd.h>

#include <atomic>
#include <string>

namespace plimsoll {
namespace {

// The one global in Plimsoll: a level that is set before the first thread starts.
std::atomic<LogLevel> least_level = LogLevel::warning;

constexpr std::string_view name_of(LogLevel level) {
    constexpr std::string_view names[] = {"debug", "info", "warning", "error"};
    return names[static_cast<int>(level)];
}

}  // namespace

void set_log_level(LogLevel least) { least_level = least; }

void log(LogLevel level, std::string_view message) {
    if (level < least_level.load(std::memory_order_relaxed)) return;
    std::string line = "plimsoll: ";
    line.append(name_of(level)).append(": ").append(message).append("\n");
    // Nothing can be done about a closed standard error, and a message is no reason to stop.
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace plimsoll
