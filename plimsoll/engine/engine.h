// SPDX-License-Identifier: Apache-2.0
// Engine: starts and stops commands, values in and out. The local machine is one; Slurm, Kubernetes and
// the simulator stand beside it, and the loop cannot tell them apart.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "plimsoll/base/result.h"
#include "plimsoll/base/time.h"
#include "plimsoll/model/limits.h"
#include "plimsoll/model/outcome.h"
#include "plimsoll/model/plan.h"
#include "plimsoll/model/resources.h"
#include "plimsoll/model/task.h"

namespace plimsoll::engine {

/// That a command runs in a container, and what of the machine's files it sees there, at the paths they have here.
struct InContainer {
    std::string image;                 ///< one that this machine has: its id, or its name
    std::string folder;                ///< the workflow's, absolute: may be written
    std::vector<std::string> inputs;   ///< absolute; patterns as they are. Read-only where that is possible
    std::vector<std::string> outputs;  ///< likewise; their folders may be written
};

/// Variables of attempts whose work can be saved: the folder where this one's is, and the one from which it goes on,
/// which is not set where it begins anew.
inline constexpr const char* checkpoint_variable = "PLIMSOLL_CHECKPOINT";
inline constexpr const char* resume_variable = "PLIMSOLL_RESUME";

struct Launch {
    AttemptId attempt;
    std::string task_name;
    std::string command;      ///< a command line; run without a shell where it needs none and `shell` is empty
    std::string before = {};  ///< a line of sh that is run first, outside a container; if it fails, the command is not
    std::string shell;        ///< "bash -euo pipefail -c": the command is its last argument; "": `sh -c` if needed
    std::string workdir;      ///< absolute
    std::vector<std::pair<std::string, std::string>> env;  ///< beside what Plimsoll's own environment holds
    std::vector<std::string> secrets = {};  ///< names of variables of Plimsoll's environment that are handed through;
                                            ///< their values do not stay in the log
    std::optional<InContainer> container = {};
    std::string log;     ///< absolute path for standard output and error
    Resources reserved;  ///< what is held for it; engines with a queue of their own ask for that
    Limits limits;       ///< what it is held to from its first instant, as far as the engine can
    Duration runtime{};  ///< expected; engines with a queue of their own pass it on
    NodeId node = 0;
    std::vector<int> gpus = {};  ///< the devices of the node that it may use, by number
    double gpu_share = 1;        ///< of each
};

/// The end of an attempt as the engine saw it.
struct Ended {
    AttemptId attempt;
    Outcome outcome;  ///< finished (exit 0), exit, signal, out_of_memory, lost, not_started
    Instant at{};
    Duration cpu{};             ///< of the whole tree where known
    Bytes memory_high_water{};  ///< of the largest single process (VmHWM), 0 when unknown
    Bytes memory_at_most{};     ///< that no single process had more, where its own mark is unknown; 0 when unknown
    Bytes read_bytes{};         ///< from devices, of the main process and those it waited for; 0 when unknown
    Bytes write_bytes{};
    Bytes log_bytes{};  ///< written to the log; an empty one has been removed
};

enum class StopHow { terminate, kill };

/// A node that went, or came back.
struct NodeChange {
    NodeId node = 0;
    bool is_there = true;
    bool operator==(const NodeChange&) const = default;
};

class Engine {
public:
    virtual ~Engine() = default;
    virtual std::vector<Node> nodes() const = 0;
    /// Starts the command and returns at once. not_found or invalid: this command cannot be started (no such
    /// program or folder). refused: the machine is short of processes or memory, trying later may help.
    /// unavailable: the log cannot be written.
    virtual Result<Placement> start(const Launch& launch) = 0;
    /// Ends the attempt's whole tree; takes effect as an Ended. terminate: SIGTERM or the engine's like.
    virtual void stop(AttemptId attempt, StopHow how) = 0;
    /// The attempts that ended; waits until one does, until `until`, or until something else wakes it.
    virtual std::vector<Ended> wait(Instant until) = 0;
    /// What became of nodes since the last call; all are there at first. What ran on one that went has ended as lost.
    /// A machine of one's own does not go without whoever asks.
    virtual std::vector<NodeChange> take_node_changes() { return {}; }
};

}  // namespace plimsoll::engine
