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
#include "plimsoll/model/limits.h"
#include "plimsoll/model/profile.h"

namespace plimsoll::simulate {

/// What one attempt of a task truly does.
struct Behaviour {
    Duration runtime = std::chrono::seconds(1);
    Bytes memory_peak{};     ///< reached in a straight line
    double peak_at = 0.5;    ///< of the runtime
    double falls_at = 0.75;  ///< of the runtime, not before peak_at
    double memory_left = 1;  ///< the share of the peak that it keeps from there on
    Cores cpu{1};            ///< used on average when that much is reserved; else it takes longer
    int exit_code = 0;
    Bytes input_bytes{};
    bool up_to_date = false;
    bool input_changes = false;
    bool can_start = true;
    bool is_refused = false;  ///< the machine cannot take it just now
    bool ignores_terminate = false;
    bool exits_well_when_asked_to_end = false;
};
/// By task name and attempt number.
using Truth = std::function<Behaviour(const std::string& task_name, int attempt)>;

class SimulatedEngine final : public engine::Engine {
public:
    SimulatedEngine(ManualClock& clock, std::vector<Node> nodes, Truth truth);

    std::vector<Node> nodes() const override { return nodes_; }
    Result<Placement> start(const engine::Launch& launch) override;
    void stop(AttemptId attempt, engine::StopHow how) override;
    /// Attempts that ended, in the order in which they did. Comes back without one when something else happened.
    std::vector<engine::Ended> wait(Instant until) override;

    /// The world does something then, and wakes whoever waits.
    void at(Instant when, std::function<void()> happens) { happenings_.emplace(when, std::move(happens)); }

    /// What running attempts hold now, and the most they ever held at once, by node.
    const std::vector<Resources>& reserved() const { return reserved_; }
    const std::vector<Resources>& most_reserved() const { return most_reserved_; }
    std::size_t running() const { return running_.size(); }
    /// Was the last wait one without end: nothing ran, nothing was to happen, and no time was given?
    bool waits_for_ever() const { return waits_for_ever_; }
    /// Memory of a running attempt now, CPU time so far; nothing when it does not run.
    std::optional<Usage> usage_of(AttemptId attempt) const;

    /// What a limit writer does to a running attempt. False when it does not run.
    bool set_limits(AttemptId attempt, const Limits& limits);
    bool set_frozen(AttemptId attempt, bool is_frozen);
    /// Attempts whose memory passed their notice mark since the last call.
    std::vector<AttemptId> take_noticed() { return std::exchange(noticed_, {}); }

private:
    struct Life {
        engine::Launch launch;
        Behaviour truth;
        Instant started{};
        Instant ends{};
        Outcome outcome;
        bool is_stopped = false;  ///< its end is settled, whatever its limits
        Limits limits;
        Instant runs_since{};
        Duration ran{};  ///< of its own time, up to runs_since
        bool is_frozen = false;
        Instant notices = Instant::max();  ///< when its memory passes the mark
    };

    Life live(const engine::Launch& launch) const;
    Duration own_time(const Life& life) const;
    Bytes memory_of(const Life& life) const;
    Instant when_reaches(const Life& life, Bytes memory) const;
    void foresee(AttemptId attempt, Life& life);
    Instant next_event(Instant until) const;
    engine::Ended end(const Life& life) const;

    ManualClock& clock_;
    std::vector<Node> nodes_;
    Truth truth_;
    std::map<AttemptId, Life> running_;
    std::set<std::pair<Instant, AttemptId>> ends_;  ///< of the running ones, soonest first
    std::multimap<Instant, std::function<void()>> happenings_;
    std::vector<AttemptId> noticed_;
    bool waits_for_ever_ = false;
    std::vector<Resources> reserved_;
    std::vector<Resources> most_reserved_;
};

}  // namespace plimsoll::simulate
