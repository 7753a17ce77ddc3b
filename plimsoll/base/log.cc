// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/base/log.h"

#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <mutex>
#include <string>

namespace plimsoll {
namespace {

// The one global state in Plimsoll: a level that is set before the first thread starts, and who takes the lines.
std::atomic<LogLevel> least_level = LogLevel::warning;
std::atomic<int> left_out = 0;
constinit std::mutex sink_mutex;
constinit LogSink* sink = nullptr;

// Who runs tasks cannot wait for a terminal that was stopped by Ctrl-S, or for a pipe that nobody reads.
constexpr int patience_ms = 100;
// The most that a pipe which has room at all takes without waiting.
constexpr std::size_t longest_write = PIPE_BUF;

constexpr std::string_view name_of(LogLevel level) {
    constexpr std::string_view names[] = {"debug", "info", "warning", "error"};
    return names[static_cast<int>(level)];
}

/// Somebody takes the lines in the place of standard error.
bool is_taken(std::string_view line) {
    const std::lock_guard lock(sink_mutex);
    if (sink) sink->take(line);
    return sink != nullptr;
}

}  // namespace

void set_log_level(LogLevel least) { least_level = least; }

void log(LogLevel level, std::string_view message) {
    if (level < least_level.load(std::memory_order_relaxed)) return;
    std::string line = "plimsoll: ";
    line.append(name_of(level)).append(": ").append(message).append("\n");
    if (is_taken(line)) return;
    pollfd room{.fd = STDERR_FILENO, .events = POLLOUT, .revents = 0};
    if (::poll(&room, 1, patience_ms) == 0) {
        ++left_out;
        return;
    }
    if (const int count = left_out.exchange(0); count > 0)
        line.insert(0, "plimsoll: " + std::to_string(count) + " messages were left out: nobody took them\n");
    if (line.size() > longest_write) line.resize(longest_write - 1), line += '\n';
    // Nothing can be done about a closed standard error, and a message is no reason to stop.
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
}

LogSink::LogSink() {
    const std::lock_guard lock(sink_mutex);
    sink = this;
}

LogSink::~LogSink() { close(); }

void LogSink::close() {
    const std::lock_guard lock(sink_mutex);
    if (sink == this) sink = nullptr;
}

}  // namespace plimsoll
