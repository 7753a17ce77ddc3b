// SPDX-License-Identifier: Apache-2.0
// What must hold at every tick of any run, whatever happens in it. Watches from outside: events, the store,
// the engine and the files; never the loop's own books.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "plimsoll/loop/event.h"
#include "plimsoll/simulate/drawing.h"
#include "plimsoll/simulate/simulated_run.h"

namespace plimsoll::simulate {

class Laws {
public:
    /// Both outlive it. `done_before`: tasks whose end was durable when an earlier start of this run was killed.
    Laws(const Drawing& drawing, SimulatedRun& run, std::set<std::string> done_before = {});

    void after_tick(const std::vector<loop::Event>& told);
    /// From then on nobody takes anything from the run, and nothing that it needs is missing.
    void calm_from(Instant when) { calm_from_ = when; }
    /// So many tasks had been there to join.
    void at_the_end(TaskId joined);

    void broke(std::string what);
    /// "t=12.3 s: s1[2] started before s0 was done"; the first few.
    const std::vector<std::string>& broken() const { return broken_; }

private:
    enum class Stage { open, runs, done, given_up };
    struct Known {
        Stage stage = Stage::open;
        std::uint64_t last_entry = 0;  ///< the number of the last entry about it
    };
    struct Held {
        NodeId node = 0;
        Resources amounts;
    };

    void read_store();
    void hear(const loop::Event& event);
    void nothing_overfull();
    void hear_held(const loop::Event& event);
    NodeId node_of(AttemptId attempt);
    void nothing_deleted_early();
    void nothing_stands_still();

    const Drawing& drawing_;
    SimulatedRun& run_;
    std::set<std::string> done_before_;
    Instant calm_from_ = Instant::max();
    std::optional<Instant> stands_since_;  ///< nothing runs
    std::vector<Known> known_;
    std::map<TaskId, Held> held_;         ///< as told
    std::map<AttemptId, NodeId> ran_on_;  ///< of those that ended
    std::size_t stretches_seen_ = 0;
    std::size_t read_ = 0;  ///< entries of the store seen so far
    std::size_t deletions_seen_ = 0;
    bool ended_ = false;
    std::vector<std::string> broken_;
};

}  // namespace plimsoll::simulate
