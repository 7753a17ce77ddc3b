// SPDX-License-Identifier: Apache-2.0
// An engine that starts nothing: attempts live as long, and end as, the truth about their task says. It owns
// the passing of time: `wait` moves the clock to the next thing that happens.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "plimsoll/base/clock.h"
#include "plimsoll/engine/engine.h"
#include "plimsoll/simulate/simulated_life.h"

namespace plimsoll::simulate {

class SimulatedEngine final : public engine::Engine {
public:
    SimulatedEngine(ManualClock& clock, std::vector<Node> nodes, Truth truth);

    std::vector<Node> nodes() const override { return nodes_; }
    Result<Placement> start(const engine::Launch& launch) override;
    void stop(AttemptId attempt, engine::StopHow how) override;
    /// Attempts that ended, in the order in which they did. Comes back without one when something else happened.
    std::vector<engine::Ended> wait(Instant until) override;
    std::vector<engine::NodeChange> take_node_changes() override { return std::exchange(changes_, {}); }

    /// The world does something then, and wakes whoever waits.
    void at(Instant when, std::function<void()> happens) { happenings_.emplace(when, std::move(happens)); }

    /// The node goes, and what runs there is lost; or it is back.
    void set_there(NodeId node, bool is_there);
    /// What runs there, and will, goes so many times as fast as the truth says.
    void set_speed(NodeId node, double speed);
    /// From here on what ends well has not been able to write, and ends badly; nothing starts. Or again it does.
    void fill_disk(bool is_full) { is_disk_full_ = is_full; }
    /// All stands still for so long, while the clock goes on: a machine that was suspended.
    void suspend(Duration length);

    /// From here on each end and each start takes the runner itself so long, in which the clock goes on.
    void set_runner_time(Duration per_end, Duration per_start) {
        per_end_ = per_end;
        per_start_ = per_start;
    }

    /// What running attempts hold now, and the most they ever held at once, by node.
    const std::vector<Resources>& reserved() const { return reserved_; }
    const std::vector<Resources>& most_reserved() const { return most_reserved_; }
    /// The most of any one GPU that was ever given at once; 1: the whole of it.
    double most_of_a_gpu() const { return most_of_a_gpu_; }
    std::size_t running() const { return lives_.size() - free_.size(); }
    /// Was the last wait one without end: nothing ran, nothing was to happen, and no time was given?
    bool waits_for_ever() const { return waits_for_ever_; }
    /// Will something end or happen, whatever the loop does?
    bool has_news_ahead() { return ends_.first(lives_) != nullptr || !happenings_.empty(); }
    /// Memory of a running attempt now, CPU time so far; nothing when it does not run.
    std::optional<Usage> usage_of(AttemptId attempt) const;

    /// What a limit writer does to a running attempt. False when it does not run.
    bool set_limits(AttemptId attempt, const Limits& limits);
    bool set_frozen(AttemptId attempt, bool is_frozen);
    /// Attempts whose memory passed their notice mark since the last call.
    std::vector<AttemptId> take_noticed() { return std::exchange(noticed_, {}); }

    /// A stretch in which an attempt ran, by the clock that does not jump.
    struct Stretch {
        AttemptId attempt;
        NodeId node = 0;
        Instant from{}, until{};
        std::vector<int> gpus = {};  ///< that it had
    };
    /// Of all attempts that ended, in the order in which they did.
    const std::vector<Stretch>& stretches() const { return stretches_; }
    /// Of one that runs, up to now; nothing when it does not.
    std::optional<Stretch> running_since(AttemptId attempt) const;

private:
    using Slot = std::uint32_t;
    /// Something foreseen of a life, void where it was foreseen anew since.
    struct Foreseen {
        Instant when{};
        AttemptId attempt;
        Slot slot = 0;
        std::uint32_t stamp = 0;
        bool operator>(const Foreseen& other) const {
            return std::pair(when, attempt) > std::pair(other.when, other.attempt);
        }
    };
    /// Soonest first.
    class Agenda {
    public:
        void add(const Foreseen& one);
        const Foreseen* first(const std::vector<Life>& lives);  ///< null when nothing is foreseen
        void drop_first();

    private:
        std::vector<Foreseen> heap_;
    };

    std::optional<Slot> find(AttemptId attempt) const;  ///< nothing when it does not run
    Slot place(Life life);
    Placement start_saving(const engine::Launch& launch);
    void saved(AttemptId saving, Outcome outcome);
    void foresee_anew(Slot slot);
    void end_now(Slot slot, Outcome outcome);
    Instant next_event(Instant until);
    engine::Ended end(Slot slot);
    template <class Change>
    void change_on(NodeId node, const Change& change);

    ManualClock& clock_;
    std::vector<Node> nodes_;
    std::vector<bool> is_there_;
    std::vector<double> speed_;
    Truth truth_;
    std::vector<Life> lives_;  ///< by slot; free ones keep their stamp
    std::vector<Slot> free_;
    std::vector<Slot> slot_of_;  ///< by task; `no_slot` where it does not run
    Agenda ends_, marks_;
    std::multimap<Instant, std::function<void()>> happenings_;
    std::set<AttemptId> savings_;  ///< that run
    std::vector<engine::Ended> savings_ended_;
    std::map<TaskId, Duration> saved_;  ///< how much of its work was when it was last saved
    std::vector<AttemptId> noticed_;
    std::vector<engine::NodeChange> changes_;
    std::vector<Stretch> stretches_;
    bool waits_for_ever_ = false;
    bool is_disk_full_ = false;
    Duration per_end_{}, per_start_{};
    std::vector<Resources> reserved_;
    std::vector<Resources> most_reserved_;
    std::map<std::pair<NodeId, int>, double> gpus_;  ///< what is given of each
    double most_of_a_gpu_ = 0;
};

}  // namespace plimsoll::simulate
