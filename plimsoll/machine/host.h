// SPDX-License-Identifier: Apache-2.0
// What this machine has for us: less than what is built in where somebody set a limit around us, such as a
// container's memory, a CPU quota or an affinity.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plimsoll/base/result.h"
#include "plimsoll/machine/gpus.h"
#include "plimsoll/machine/ledger.h"
#include "plimsoll/model/resources.h"

namespace plimsoll::machine {

/// The tightest limits among the groups that this process is in, and what is used within.
struct Enclosure {
    std::optional<Bytes> memory;
    std::string memory_stat;  ///< file of the group that sets the limit on memory
    bool is_memory_v1 = false;
    std::optional<Cores> cpu;
};

struct Host {
    std::string name;   ///< as the network knows it
    std::string model;  ///< of the processor: "AMD EPYC"
    /// For Features: the same for as long as it is the same machine, told without telling which one it is:
    /// "AMD EPYC #5c1f09a2". Runtimes compare within it.
    std::string machine;
    std::string boot_id;
    Resources amounts;  ///< cpu: what we may run on, a fraction under a quota; memory: RAM, or the enclosing limit
    Enclosure enclosure;
    std::vector<Gpu> gpus;  ///< that we may use; amounts.gpu of them
};

/// Reads /proc, /etc/machine-id and cgroups below `root` ("" on a machine), and which GPUs CUDA_VISIBLE_DEVICES lets us
/// use. unavailable: no usable /proc.
Result<Host> read_host(const std::string& root = {});

/// Memory now, as it concerns us: of the machine, or of the limit around us where that leaves less. Nothing
/// when /proc/meminfo cannot be read.
std::optional<MemoryState> read_memory(const Host& host, const std::string& root = {});

/// How many there are in a list as /proc writes it: "0-3,8" are 5.
int count_of_list(std::string_view list);

}  // namespace plimsoll::machine
