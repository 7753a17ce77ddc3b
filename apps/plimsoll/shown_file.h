// SPDX-License-Identifier: Apache-2.0
// ShownFile: a file that grows is shown on a descriptor, by a thread of its own, so that a reader who takes his time (a
// full pipe, a terminal stopped by Ctrl-S) holds up nobody else.
//
// What waits to be shown waits in the file and not in memory: however long the reader takes, nothing is dropped and
// a few bytes remember it. Only what could not be written to the file (a full disk) waits in memory; and then a run
// starts nothing more that it could tell of.
#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>
#include <string>

#include "plimsoll/base/file.h"

namespace plimsoll::cli {

class ShownFile {
public:
    /// `file` is open for reading; `to`, a descriptor that stays the caller's, may be in either mode.
    ShownFile(Fd file, int to);
    /// Leaves what is not shown within a second.
    ~ShownFile();
    ShownFile(const ShownFile&) = delete;
    ShownFile& operator=(const ShownFile&) = delete;

    /// So much of the file, from there on, is to be shown after all before it. Does not wait.
    void show(off_t from, std::size_t size);
    /// Text that is not in the file.
    void show(std::string text);
    /// Waits until all is shown, or nobody reads any more, or `give_up`, asked many times a second, says so.
    void finish(const std::function<bool()>& give_up);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace plimsoll::cli
