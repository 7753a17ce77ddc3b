// SPDX-License-Identifier: Apache-2.0
// Files brought into memory before tasks read them: while those before them compute, the disk reads what comes next.
//
// It costs no task anything that it holds: the kernel gives pages of files up before any other memory. A wish that
// turns out wrong has cost reading, and is forgotten.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "plimsoll/base/units.h"

namespace plimsoll::shape {

/// A file that is in memory as far as it was read.
struct WarmFile {
    std::string path;
    Bytes bytes{};
    bool operator==(const WarmFile&) const = default;
};

class Warmer {
public:
    virtual ~Warmer() = default;
    /// What is wanted from now on, in this order, up to so many bytes in all. What was wanted before and is not any
    /// more is given up, be it half read. Absolute paths; what is not there, and what is no plain file, is passed over.
    virtual void want(std::vector<std::string> paths, Bytes budget) = 0;
    /// What has been read wholly since the last call.
    virtual std::vector<WarmFile> take_warmed() = 0;
};

/// Reads on a thread of its own, of low priority, one file at a time. A file that it has read is not read again while
/// it is what it was.
class PageCache final : public Warmer {
public:
    PageCache();
    ~PageCache() override;
    PageCache(const PageCache&) = delete;
    PageCache& operator=(const PageCache&) = delete;
    void want(std::vector<std::string> paths, Bytes budget) override;
    std::vector<WarmFile> take_warmed() override;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace plimsoll::shape
