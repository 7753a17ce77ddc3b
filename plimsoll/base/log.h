// SPDX-License-Identifier: Apache-2.0
// What Plimsoll says about itself, on standard error: one line, one level, no state but the level.
// Results go to standard output and never through here.
#pragma once

#include <string_view>

namespace plimsoll {

enum class LogLevel { debug, info, warning, error };

/// Lines below this level are dropped; the default is warning. Set once at start.
void set_log_level(LogLevel least);
/// "plimsoll: warning: MESSAGE" on standard error, one write so that lines never interleave. Waits a tenth of a second
/// at the most for whoever reads it; what he did not take is counted, and told with the next message. Or to where lines
/// are taken instead.
void log(LogLevel level, std::string_view message);

/// Takes the lines in the place of standard error for as long as it lives: of a program that draws on the terminal.
class LogSink {
public:
    LogSink();
    virtual ~LogSink();
    LogSink(const LogSink&) = delete;
    LogSink& operator=(const LogSink&) = delete;
    /// A whole line with its newline, from any thread, one at a time. Logs nothing itself.
    virtual void take(std::string_view line) = 0;

protected:
    /// From here on no line comes: first in the destructor of what takes them.
    void close();
};

}  // namespace plimsoll
