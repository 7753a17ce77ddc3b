// SPDX-License-Identifier: Apache-2.0
// Where runs under way say how they stand: one small file each, in memory (/dev/shm), in a folder that only its user
// may enter, beside the ledger through which all runs share the machine. So whoever looks finds all of a user's runs,
// whatever history each of them keeps; nothing is written to a disk, and nothing is left after a reboot.
//
// A file is replaced in one step about once a second. One whose runner has died is no run: it is passed over, and the
// next run removes it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/base/file.h"
#include "plimsoll/view/run_view.h"

namespace plimsoll::view {

/// The folder of this user's runs that share this ledger.
std::string live_folder(std::string_view ledger);

/// A run's own file; gone when this is destroyed.
class LiveFile {
public:
    /// Makes the folder where it is missing, and removes what dead runs left in it. refused: the folder belongs to
    /// somebody else, or others may enter it.
    static Result<LiveFile> open(const std::string& folder, const RunId& run);
    LiveFile(LiveFile&&) noexcept = default;
    LiveFile& operator=(LiveFile&&) = delete;
    ~LiveFile();

    Result<void> publish(const RunView& run);

private:
    LiveFile(Fd folder, std::string name) : folder_(std::move(folder)), name_(std::move(name)) {}
    Fd folder_;
    std::string name_;
};

/// How the run stands, if it is under way on this machine and tells.
std::optional<RunView> read_live(const std::string& folder, const RunId& run);
/// All that are, by their start.
std::vector<RunView> read_all_live(const std::string& folder);

}  // namespace plimsoll::view
