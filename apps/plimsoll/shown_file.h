// SPDX-License-Identifier: Apache-2.0
// ShownFile: a file that grows is shown on a descriptor, by a thread of its own, so that a reader who takes his time (a
// full pipe, a terminal stopped by Ctrl-S) holds up nobody else.
//
// What waits to be shown waits in the file and not in memory: however long the reader takes, nothing is dropped and
// a few bytes remember it. Only what could not be written to the file (a full disk) waits in memory; and then a run
// starts nothing more that it could tell of.
//
// Where that descriptor is a terminal, an Outlet may draw something that changes below what stays.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "plimsoll/base/file.h"

namespace plimsoll::cli {

/// Where it is shown. Called by the showing thread alone.
class Outlet {
public:
    virtual ~Outlet() = default;
    /// May take as long as its reader; false when nobody reads any more.
    virtual bool show(std::string_view text) = 0;
    /// What changes is shown as it is now; called after wake().
    virtual bool refresh() { return true; }
};

/// Text as it is, to a descriptor that stays the caller's.
std::unique_ptr<Outlet> plain_outlet(int to);

/// All of the text to a descriptor that stays the caller's, in either mode; false when nobody reads any more.
bool write_all(int to, std::string_view text);

class ShownFile {
public:
    /// `file` is open for reading.
    ShownFile(Fd file, std::unique_ptr<Outlet> outlet);
    /// Leaves what is not shown within a second.
    ~ShownFile();
    ShownFile(const ShownFile&) = delete;
    ShownFile& operator=(const ShownFile&) = delete;

    /// So much of the file, from there on, is to be shown after all before it. Does not wait.
    void show(off_t from, std::size_t size);
    /// Text that is not in the file.
    void show(std::string text);
    /// The outlet is to refresh what it draws, before what is shown from here on. Does not wait.
    void wake();
    /// Waits until it has, but not longer than `patience`: its reader may have stopped reading.
    void wake_and_wait(std::chrono::milliseconds patience);
    /// Waits until all is shown, or nobody reads any more, or `give_up`, asked many times a second, says so.
    void finish(const std::function<bool()>& give_up);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace plimsoll::cli
