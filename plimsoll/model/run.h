// SPDX-License-Identifier: Apache-2.0
// A run and what came of it, as recorded in history and told in `show --json`.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "plimsoll/base/time.h"
#include "plimsoll/model/forecast.h"
#include "plimsoll/model/outcome.h"
#include "plimsoll/model/profile.h"
#include "plimsoll/model/resources.h"
#include "plimsoll/model/task.h"

namespace plimsoll {

/// Sortable by time, unique on a machine: "20261121-044742-7f3a".
using RunId = std::string;

enum class RunState { running, finished, failed, cancelled, interrupted };
std::string_view name_of(RunState state);
Result<RunState> parse_run_state(std::string_view name);

/// A process that cannot be mistaken for another: pids are reused, pid + start time + boot are not.
struct ProcessIdentity {
    int pid = 0;
    std::uint64_t start_ticks = 0;  ///< field 22 of /proc/PID/stat
    std::string boot_id;
    bool operator==(const ProcessIdentity&) const = default;
};

struct RunRecord {
    RunId id;
    std::string workflow;  ///< its name
    std::string file;      ///< absolute path of the workflow file
    std::string folder;    ///< absolute path its relative paths start from
    std::string machine;   ///< which machine
    Resources capacity;    ///< cores and memory of that machine; 0: not recorded
    WallTime started{};
    std::optional<WallTime> ended;
    RunState state = RunState::running;
    ProcessIdentity owner;
    std::string version;  ///< of Plimsoll
    std::string source;   ///< who measured it, of an import: "sacct", "nextflow" ...; "" ran here
    bool operator==(const RunRecord&) const = default;
};

/// How a task stands in a run.
enum class TaskState { waiting, ready, running, finished, up_to_date, failed, cancelled };
std::string_view name_of(TaskState state);
Result<TaskState> parse_task_state(std::string_view name);

/// How a task came out in a run, for `show` and for the next run.
struct TaskRecord {
    TaskId id = 0;
    std::string name;
    TaskKind kind;
    TaskState state = TaskState::waiting;
    Request request;
    int attempts = 0;
    std::string reason;  ///< why it ran, was skipped or failed
    std::string queue;   ///< the path of the one it waited in; "": not recorded
};

/// What was done to an attempt while it ran, and what that came to.
struct Shaping {
    int grown = 0;   ///< how often it was given more than it had been promised
    int frozen = 0;  ///< how often it was made to wait
    Duration frozen_time{};
    double reserved_byte_seconds = 0;  ///< integral of the memory held for it
    double reserved_core_seconds = 0;
    bool operator==(const Shaping&) const = default;
};

/// How long an attempt could have run and did not, and why.
struct WaitRecord {
    Duration time{};              ///< from when all that its task needs was there to its start
    std::optional<TaskId> after;  ///< the task whose end that was: the last one it needed, or, of a retry, itself
    /// What the first in line lacked when this one last was not started: "memory", "cpu", another kind's name,
    /// "order" (room held for others), "starts" (the machine refused one), "history" (it could not be written).
    /// "": it was not looked at before it started.
    std::string lack;
    bool operator==(const WaitRecord&) const = default;
};

/// One attempt from its start; `outcome` is there once it has ended.
struct AttemptRecord {
    AttemptId id;
    std::string task_name;
    TaskKind kind;
    Features features;
    Request request;
    std::optional<WaitRecord> wait;  ///< nothing where it was not recorded
    Forecast forecast;
    Resources reserved;        ///< the most that was held for it
    Duration reserved_time{};  ///< how long it was expected to take
    std::string command;       ///< as run, secrets as ${NAME}
    std::string log;           ///< path of its output; "" when it printed nothing
    std::string group;         ///< its cgroup or process group, for finding it again after a crash
    WallTime started{};
    std::optional<WallTime> ended;
    std::optional<Outcome> outcome;
    Profile profile;
    Shaping shaping;
    bool is_resumed = false;  ///< it went on from a checkpoint: what it took is no measure of its task. Not kept itself
};

}  // namespace plimsoll
