// SPDX-License-Identifier: Apache-2.0
// RunView: a run as people look at it at one instant. A plain value: the runner makes it, its own terminal draws it,
// and other terminals (`plimsoll watch`, `plimsoll top`) read the same one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plimsoll/base/time.h"
#include "plimsoll/model/run.h"
#include "plimsoll/view/eta.h"

namespace plimsoll::view {

/// What is shown of resources: nearly all waiting is for one of these two.
struct Amounts {
    Bytes memory{};
    Cores cpu{};
    bool operator==(const Amounts&) const = default;
    Amounts& operator+=(const Amounts& other) {
        memory += other.memory;
        cpu += other.cpu;
        return *this;
    }
};
inline Amounts amounts_of(const Resources& resources) { return {resources.memory, resources.cpu}; }

/// A running attempt.
struct TaskLine {
    std::string name;
    std::string step;
    int attempt = 1;
    Duration lived{};                ///< without what it was frozen
    std::optional<Duration> takes;   ///< typically, by its forecast; none: nobody knows
    std::optional<Amounts> used;     ///< none: it has not been looked at yet
    Amounts reserved;                ///< for it, now
    int grown = 0;                   ///< how often
    std::optional<Duration> frozen;  ///< it waits for memory, since so long
    bool operator==(const TaskLine&) const = default;
};

/// How many tasks of a run or step stand how.
struct Counts {
    std::uint32_t tasks = 0, running = 0, finished = 0, up_to_date = 0, failed = 0, cancelled = 0;
    std::uint32_t done() const { return finished + up_to_date; }
    std::uint32_t ended() const { return done() + failed + cancelled; }
    bool operator==(const Counts&) const = default;
};

struct StepLine {
    std::string name;
    Counts counts;
    Amounts used, reserved;
    bool operator==(const StepLine&) const = default;
};

/// A queue with work or tasks, where several share the machine.
struct QueueLine {
    std::string path;
    double share = 0;           ///< of the machine, that its tasks hold in all runs
    double due = 0;             ///< the share it would hold if all queues with work used theirs to the full
    std::uint32_t waiting = 0;  ///< tasks of this run that stand in line
    bool operator==(const QueueLine&) const = default;
};

/// Something worth a line of its own that stays: a failure, a retry, a notice.
struct Happening {
    std::uint64_t number = 0;  ///< counts from 1
    std::string text;
    bool operator==(const Happening&) const = default;
};

struct RunView {
    RunId run;
    std::string workflow;
    ProcessIdentity owner;
    Duration elapsed{};
    RunState state = RunState::running;
    bool is_stopping = false;

    Counts counts;
    std::uint32_t ready = 0;                 ///< could run, and have no room yet
    int grown = 0, frozen = 0, retried = 0;  ///< how often so far

    Amounts used, reserved;  ///< by this run
    Amounts machine;         ///< all there is
    Amounts others;          ///< not for this run: reserved by other runs; memory also used by other programs
    Eta eta;
    std::string waits;  ///< why what is ready does not start; "" when nothing waits

    std::vector<StepLine> steps;        ///< in the workflow's order
    std::vector<QueueLine> queues;      ///< the largest due share first; empty where there are not two at least
    std::vector<TaskLine> running;      ///< by their start
    std::vector<Happening> happenings;  ///< the last few
    bool operator==(const RunView&) const = default;
};

}  // namespace plimsoll::view
