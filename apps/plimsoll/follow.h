// SPDX-License-Identifier: Apache-2.0
// Reading a file that somebody else still writes.
#pragma once

#include <string>

#include "plimsoll/base/file.h"
#include "plimsoll/base/time.h"

namespace plimsoll::cli {

/// Gives what was appended since the last call; "" while the file is not there.
class Follower {
public:
    explicit Follower(std::string path) : path_(std::move(path)) {}
    std::string read_new();

private:
    std::string path_;
    Fd file_;
};

/// Blocks for about so long; signals cut it short.
void pause_for(Duration span);

}  // namespace plimsoll::cli
