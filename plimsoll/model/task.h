// SPDX-License-Identifier: Apache-2.0
// What is to be run: a workflow is a DAG of steps, a step is the template, a task is a step on given
// inputs. Plain values; how they come about is `workflow`'s, when they run is `schedule`'s.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plimsoll/base/time.h"
#include "plimsoll/base/units.h"
#include "plimsoll/model/limits.h"
#include "plimsoll/model/risk.h"

namespace plimsoll {

/// A task's number within its run, counted from 0 in the order in which tasks joined.
using TaskId = std::uint32_t;

/// One run of a task: which task, and its how-manieth try, from 1.
struct AttemptId {
    TaskId task = 0;
    int number = 1;
    auto operator<=>(const AttemptId&) const = default;
};

/// The command that saves what an attempt has done runs beside it, for engines as an attempt of that task with a number
/// that no try comes to.
inline constexpr int savings_from = 1'000'000;
inline AttemptId saving_of(AttemptId attempt) { return {attempt.task, savings_from + attempt.number}; }
inline bool is_saving(AttemptId attempt) { return attempt.number > savings_from; }

/// The identity under which history gathers. Never a process, pod or job name.
struct TaskKind {
    std::string workflow;
    std::string step;
    std::string tool;  ///< the program the command runs ("bwa mem", "samtools sort"); shared across workflows
    auto operator<=>(const TaskKind&) const = default;
};

/// The tool's first word, which its commands share: "samtools" of "samtools sort".
std::string program_of(const std::string& tool);

/// What the user asks for. An absent amount is unknown, not zero.
struct Request {
    std::optional<Cores> cpu;
    std::optional<Bytes> memory;
    std::optional<Duration> time;
    std::optional<Bytes> disk;
    std::optional<double> gpu;
    bool operator==(const Request&) const = default;
};

/// How often a failed attempt is tried again, by cause. Out of memory and timeout come first because
/// the next attempt differs (more memory, more time); a plain failure is retried only on request.
struct Retry {
    int on_out_of_memory = 3;
    int on_timeout = 1;
    int on_failure = 0;
    bool operator==(const Retry&) const = default;
};

/// A command line with the places where the allotment goes in; everything else is already filled in.
struct Command {
    enum class Allotted : std::uint8_t { cpu, memory_bytes, memory_mib, memory_gib };
    struct Slot {
        std::uint32_t offset;  ///< into text, non-decreasing
        Allotted what;
        bool operator==(const Slot&) const = default;
    };
    std::string text;
    std::vector<Slot> slots;
    bool operator==(const Command&) const = default;
};

/// The command line for a given allotment: {cpu} as a whole number of threads (rounded up, at least 1),
/// {memory} in bytes, MiB or GiB (rounded down, at least 1).
std::string command_line(const Command& command, Cores cpu, Bytes memory);

/// A file (or, as an output, a pattern that may give several) that a task reads or writes, relative to
/// the workflow's folder unless absolute.
struct OutputFile {
    std::string path;
    bool temporary = false;  ///< deleted when no task needs it any more
    bool operator==(const OutputFile&) const = default;
};

/// How an attempt's work is saved when it has to make room, so that the next attempt goes on from there.
struct Checkpoint {
    std::string command;                         ///< run by `sh -c` beside it
    Duration within = std::chrono::seconds(60);  ///< if it takes longer it has failed
    std::optional<Duration> takes = {};          ///< as its author expects; measured as soon as it has run
    bool operator==(const Checkpoint&) const = default;
};

/// The image that the commands of a step run in.
struct Container {
    std::string image;     ///< as the workflow names it
    std::string identity;  ///< what that name stands for on this machine; "" as long as nobody has looked
    std::string place;     ///< where the workflow names it: "flow.yaml:7:16"
};

/// The template: what all tasks of one step share.
struct Step {
    std::string name;
    TaskKind kind;
    Request request;
    Retry retry;
    std::optional<Duration> timeout;   ///< the user's hard limit on one attempt
    std::optional<Duration> deadline;  ///< from the start of the run
    double priority = 0;               ///< higher goes first
    std::optional<Risk> risk = {};     ///< how its sizes are chosen, where the run says nothing
    std::string queue = "default";
    std::string workdir;  ///< where the command runs; relative to the workflow's folder, "" = there
    std::string shell;    ///< e.g. "bash -euo pipefail -c"; "" = sh, or none for simple commands
    std::map<std::string, std::string> env;
    std::vector<std::string> secrets;  ///< names of environment variables whose values never leave this process
    std::optional<Container> container = {};
    std::optional<Checkpoint> checkpoint = {};
    StepLimit limit = {};        ///< how its tasks are held to what they get
    bool uses_cpu_slot = false;  ///< does the command take {cpu}?
};

/// What is known about a task before it runs.
struct Features {
    Bytes input_bytes{};
    std::uint32_t input_count = 0;
    std::vector<std::pair<std::string, double>> numbers;  ///< numeric parameters and scatter values, by name
    std::string machine;                                  ///< which machine: runtimes compare within one only
    bool operator==(const Features&) const = default;
};

struct Split;
struct SplitPart;

/// A step on given inputs. `step` points into the Source that made the task, which outlives the run.
struct Task {
    TaskId id = 0;
    const Step* step = nullptr;
    std::string name;  ///< unique in the run: "align[s1]"; the step's name when it has but one task
    std::vector<std::pair<std::string, std::string>> bindings;  ///< scatter variables and their values
    std::vector<std::string> inputs;                            ///< paths, expanded
    std::vector<OutputFile> outputs;
    std::vector<TaskId> needs;  ///< tasks that must be done before; all have joined before this one
    Command command;
    const Split* split = nullptr;     ///< how it may be split (split.h), where it may be; of the Source, like `step`
    const SplitPart* part = nullptr;  ///< which part of a split task it is, where it is one; of the Workspace
    std::uint32_t submission = 0;     ///< tasks of one number were handed in together, and are waited for together
};

}  // namespace plimsoll
