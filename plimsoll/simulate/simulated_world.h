// SPDX-License-Identifier: Apache-2.0
// A machine that is not there: the loop's edges over a clock that moves only when the loop waits. What
// tasks truly need stands in a table; everything else is the same code as in a live run.
#pragma once

#include <functional>
#include <map>
#include <queue>
#include <string>
#include <vector>

#include "plimsoll/base/clock.h"
#include "plimsoll/engine/engine.h"
#include "plimsoll/machine/capacity.h"
#include "plimsoll/telemetry/usage_source.h"
#include "plimsoll/workflow/workspace.h"

namespace plimsoll::simulate {

/// What one attempt of a task truly does.
struct Behaviour {
    Duration runtime = std::chrono::seconds(1);
    Bytes memory_peak{};  ///< reached at half of the runtime, linear up to there
    Cores cpu{1};         ///< used on average when that much is reserved; else it takes longer
    int exit_code = 0;
    Bytes input_bytes{};
    bool up_to_date = false;
    bool input_changes = false;
};
/// By task name and attempt number.
using Truth = std::function<Behaviour(const std::string& task_name, int attempt)>;

class SimulatedEngine final : public engine::Engine {
public:
    SimulatedEngine(ManualClock& clock, std::vector<Node> nodes, Truth truth);
    std::vector<Node> nodes() const override { return nodes_; }
    Result<Placement> start(const engine::Launch& launch) override;
    void stop(AttemptId attempt, engine::StopHow how) override;
    std::vector<engine::Ended> wait(Instant until) override;

    /// The largest amounts that were ever reserved at once, by node.
    const std::vector<Resources>& most_reserved() const { return most_reserved_; }
    /// Memory of a running attempt now, CPU time so far; nothing when it does not run.
    std::optional<Usage> usage_of(AttemptId attempt) const;

private:
    struct Life {
        engine::Launch launch;
        Behaviour truth;
        Instant started{};
        Instant ends{};
        Outcome outcome;
    };

    engine::Ended end(const Life& life) const;

    ManualClock& clock_;
    std::vector<Node> nodes_;
    Truth truth_;
    std::map<AttemptId, Life> running_;
    std::vector<Resources> reserved_;
    std::vector<Resources> most_reserved_;
};

class SimulatedUsage final : public telemetry::UsageSource {
public:
    explicit SimulatedUsage(const SimulatedEngine& engine) : engine_(engine) {}
    void watch(AttemptId, const Placement&, Instant) override {}
    std::optional<Usage> sample(AttemptId attempt, Instant) override { return engine_.usage_of(attempt); }
    std::optional<Usage> close(AttemptId, const Placement&, Instant) override { return std::nullopt; }
    std::optional<Bytes> memory_used_by_others() override { return Bytes{}; }
    std::string_view kind() const override { return "simulated"; }

private:
    const SimulatedEngine& engine_;
};

/// Files that behave as the truth says; nothing is read or written.
class SimulatedWorkspace final : public workflow::Workspace {
public:
    explicit SimulatedWorkspace(Truth truth) : truth_(std::move(truth)) {}
    workflow::Freshness examine(const Task& task) override;
    Result<void> prepare(const Task&, AttemptId) override { return {}; }
    workflow::Conclusion conclude(const Task& task, AttemptId attempt) override;
    void set_aside(const Task&, AttemptId) override {}
    void delete_temporaries(const Task& task) override;

    const std::vector<std::string>& deleted() const { return deleted_; }

private:
    Truth truth_;
    std::vector<std::string> deleted_;
};

/// A machine that nobody else uses.
class WholeMachine final : public machine::Capacity {
public:
    explicit WholeMachine(Resources total) : total_(total) {}
    Resources total() const override { return total_; }
    Resources agree(const std::function<Resources(const Resources&)>& decide) override { return decide(total_); }

private:
    Resources total_;
};

}  // namespace plimsoll::simulate
