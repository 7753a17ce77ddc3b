// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/history/set_aside.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstdio>

namespace plimsoll::history {
namespace {

bool is_there(const std::string& path) {
    struct stat found{};
    return ::lstat(path.c_str(), &found) == 0;
}

/// "2026-11-21T04:47:42.123Z" without what a file name is better off without.
std::string compact(WallTime time) {
    std::string text;
    for (const char c : rfc3339(time).substr(0, 19))
        if (c != '-' && c != ':') text += c;
    return text + "Z";
}

}  // namespace

Result<std::string> set_aside(const std::string& path, WallTime now) {
    const std::string wanted = path + ".damaged-" + compact(now);
    std::string aside = wanted;
    for (int number = 2; is_there(aside); ++number) aside = wanted + "-" + std::to_string(number);
    // What belongs to it first: left alone, a log would be played into the fresh database.
    for (const char* suffix : {"-wal", "-shm", "-journal", ""}) {
        if (std::rename((path + suffix).c_str(), (aside + suffix).c_str()) < 0 && errno != ENOENT)
            return system_error("rename " + path + suffix + " to " + aside + suffix);
    }
    return aside;
}

}  // namespace plimsoll::history
