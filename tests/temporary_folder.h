// SPDX-License-Identifier: Apache-2.0
// A folder of its own for one test, on the real disk, gone afterwards.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>

#include "plimsoll/base/check.h"

namespace plimsoll::tests {

class TemporaryFolder {
public:
    /// In /tmp unless told otherwise (/dev/shm is another file system).
    explicit TemporaryFolder(const std::string& parent = "/tmp") {
        std::string pattern = parent + "/plimsoll-test-XXXXXX";
        PLIM_CHECK(::mkdtemp(pattern.data()) != nullptr, "a test needs a temporary folder");
        path_ = pattern;
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::string& path() const { return path_; }
    std::string operator/(const std::string& name) const { return path_ + "/" + name; }

private:
    std::string path_;
};

}  // namespace plimsoll::tests
