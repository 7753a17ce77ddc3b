// SPDX-License-Identifier: Apache-2.0
// RunObserver: looks at a loop from outside and says what there is to see of its run.
//
// How tasks stand it knows from events, and so only what is durable; what runs, and what that uses, it reads from the
// loop. Looking costs as much as tasks run and wait for room, not as much as the run has tasks.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "plimsoll/loop/loop.h"
#include "plimsoll/view/run_view.h"

namespace plimsoll::view {

class RunObserver {
public:
    struct Setup {
        RunId run;
        std::string workflow;
        ProcessIdentity owner;
        Amounts machine;
        Instant started{};
    };
    explicit RunObserver(Setup setup) : setup_(std::move(setup)) {}

    /// What the loop has just told.
    void heed(const loop::Loop& loop, std::span<const loop::Event> events);
    RunView look(const loop::Loop& loop, const machine::Others& others, Instant now);

private:
    struct StepSeen {
        const Step* step = nullptr;
        std::vector<std::size_t> needs;  ///< places of steps before it
        Counts counts;
    };
    void join(const loop::TaskTable& tasks);
    void heed(const loop::Event& event);
    void set_state(TaskId task, TaskState state);
    void happened(std::string text);
    void add_running(const loop::Loop& loop, Instant now, RunView& seen) const;
    static void add_queues(const loop::Loop& loop, RunView& seen);
    Eta eta(const loop::Loop& loop, Instant now) const;
    std::vector<StepWork> work_left(const loop::Loop& loop, Instant now) const;

    Setup setup_;
    std::vector<StepSeen> steps_;
    std::map<const Step*, std::uint32_t> places_;
    std::vector<std::uint32_t> step_of_;  ///< by task: its step's place
    std::vector<TaskState> states_;       ///< by task, as told
    Counts counts_;
    bool is_stopping_ = false;
    int grown_ = 0, frozen_ = 0, retried_ = 0;
    RunState state_ = RunState::running;
    std::string stands_;  ///< why the run stands still
    std::deque<Happening> happenings_;
    std::uint64_t happened_ = 0;
    Eta eta_;
    std::optional<Instant> eta_made_;
};

/// Is this a thing to be told in a line that stays, beside a view that changes?
bool is_lasting(loop::EventKind kind);

}  // namespace plimsoll::view
