// SPDX-License-Identifier: Apache-2.0
// What this machine offers to Plimsoll, as found: facts only. What they mean, and what would help, is findings.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plimsoll/machine/cgroup.h"
#include "plimsoll/machine/cgroup_hierarchies.h"
#include "plimsoll/machine/host.h"

namespace plimsoll::machine {

/// Who asks.
struct Asker {
    std::string user;  ///< name, or number where it has none
    unsigned uid = 0;
    int pid = 0;  ///< a shell's or our own: what would have to be moved into a group
};

/// The cgroups that are mounted, and what we can do with them.
struct GroupSurvey {
    std::vector<Hierarchy> mounted;
    std::vector<std::string> read_only;  ///< mount points
    CgroupTree tree;                     ///< where our groups would stand
    bool memory_is_off = false;          ///< the kernel was told to do without the memory controller
    bool holds_processes = false;        ///< v2: our group has processes in it, and so cannot hand controllers down
    /// Why a group could not be used when it was tried; "" where it could, or where there was none to try.
    std::string refused;
};

enum class Pressure { told, off, absent };

struct FolderSurvey {
    std::string what;  ///< "history", "temporary files"
    std::string path;  ///< the folder, or the nearest above it that is there
    std::string type;  ///< "nfs", "tmpfs"; "" for a local disk
    bool is_network = false;
    bool is_writable = false;
    Bytes size{}, free{};
};

struct Survey {
    Host host;
    std::optional<MemoryState> memory;
    Bytes swap{};
    std::string system;  ///< "Debian GNU/Linux 12 (bookworm)"
    std::string kernel;  ///< "6.18.5"
    bool has_systemd = false;
    bool has_user_manager = false;  ///< systemd's, of this user
    bool is_in_container = false;
    Asker asker;
    GroupSurvey groups;
    Pressure pressure = Pressure::absent;
    std::uint64_t open_files = 0;  ///< hard limit; 0: none
    std::uint64_t processes = 0;   ///< likewise
    std::vector<std::string> gpus;
    std::string ledger;  ///< the file by which runs agree
    bool ledger_is_shared = false;
    std::vector<FolderSurvey> folders;
};

struct SurveyPlan {
    Asker asker;
    std::string ledger;
    std::vector<std::pair<std::string, std::string>> folders;  ///< what, and its path
};

/// Reads below `root` ("" on a machine). unavailable: no usable /proc, without which nothing can run.
Result<Survey> survey(const SurveyPlan& plan, const std::string& root = {});

}  // namespace plimsoll::machine
