// SPDX-License-Identifier: Apache-2.0
// A program that a failed task did not find: its name, and the Debian package that brings it.
#pragma once

#include <string>
#include <string_view>

namespace plimsoll::cli {

/// From what was said of a failure: our own "no program 'x' on PATH", or a shell's "sh: line 1: x: command not found"
/// and "sh: 1: x: not found" in the last lines of a log. "": neither stands there.
std::string missing_program(std::string_view told);

/// How to get it, in one line: the package where command-not-found is installed and knows one, else how to find it.
/// Runs command-not-found, a tenth of a second: not while a run is under way.
std::string how_to_get(const std::string& program);

}  // namespace plimsoll::cli
