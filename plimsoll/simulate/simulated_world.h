// SPDX-License-Identifier: Apache-2.0
// What surrounds the engine on a machine that is not there: readings of use, files, and the share of the
// machine that others leave. Everything obeys the same truth as the engine.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "plimsoll/machine/capacity.h"
#include "plimsoll/shape/limit_writer.h"
#include "plimsoll/simulate/simulated_engine.h"
#include "plimsoll/telemetry/usage_source.h"
#include "plimsoll/workflow/workspace.h"

namespace plimsoll::simulate {

class SimulatedUsage final : public telemetry::UsageSource {
public:
    explicit SimulatedUsage(const SimulatedEngine& engine) : engine_(engine) {}
    void watch(AttemptId, const Placement&, Instant) override {}
    std::optional<Usage> sample(AttemptId attempt, Instant) override {
        return is_lost_ ? std::nullopt : engine_.usage_of(attempt);
    }
    std::optional<Usage> close(AttemptId, const Placement&, Instant) override { return std::nullopt; }
    std::optional<Bytes> memory_used_by_others() override { return Bytes{}; }
    std::string_view kind() const override { return "simulated"; }

    /// From here on nothing can be read, or again.
    void lose(bool is_lost) { is_lost_ = is_lost; }

private:
    const SimulatedEngine& engine_;
    bool is_lost_ = false;
};

/// Limits that hold, or not, as the machine is able to.
class SimulatedLimits final : public shape::LimitWriter {
public:
    SimulatedLimits(SimulatedEngine& engine, const shape::Abilities& abilities)
        : engine_(engine), abilities_(abilities) {}
    shape::Abilities abilities() const override { return abilities_; }
    void watch(AttemptId, const Placement&, const Limits&) override {}
    void forget(AttemptId) override {}
    Result<void> set(AttemptId attempt, const Limits& limits) override;
    Result<void> freeze(AttemptId attempt) override { return set_frozen(attempt, true); }
    Result<void> thaw(AttemptId attempt) override { return set_frozen(attempt, false); }
    std::vector<shape::Pressed> take_pressed() override;
    std::optional<shape::Deviation> inspect(AttemptId) override {
        if (!std::exchange(meddled_, false)) return std::nullopt;
        return shape::Deviation{shape::Deviation::Kind::limit_changed, "its memory limit was changed by somebody else"};
    }

    /// From here on every write is refused, but for thawing.
    void refuse(bool refuses) { refuses_ = refuses; }
    /// Somebody else lowers the limits of what runs.
    void meddle() { meddled_ = true; }

private:
    Result<void> set_frozen(AttemptId attempt, bool is_frozen);

    SimulatedEngine& engine_;
    shape::Abilities abilities_;
    bool refuses_ = false;
    bool meddled_ = false;
};

/// What stands on the disk, and is there for the next start too.
struct Files {
    std::set<std::string> sealed = {};  ///< tasks that finished, and whose receipts are durable
    std::set<std::string> gone = {};    ///< temporaries that were made once, and deleted after use
};

/// Files that behave as the truth says; nothing is read or written.
class SimulatedWorkspace final : public workflow::Workspace {
public:
    explicit SimulatedWorkspace(Truth truth, Files files = {}) : truth_(std::move(truth)), files_(std::move(files)) {}
    workflow::Freshness examine(const Task& task) override;
    Result<void> prepare(const Task&, AttemptId) override { return {}; }
    workflow::Conclusion conclude(const Task& task, AttemptId attempt) override;
    void set_aside(const Task&, AttemptId) override {}
    void delete_temporaries(const Task& task) override;
    Result<std::string> checkpoint_folder(const Task& task, AttemptId attempt) override {
        return "/simulated/" + task.name + "/" + std::to_string(attempt.number);
    }

    /// A temporary that an earlier run made, used and deleted.
    void forget(const std::string& path) { files_.gone.insert(path); }
    /// In the order in which they went.
    const std::vector<std::string>& deleted() const { return deleted_; }
    const Files& files() const { return files_; }

private:
    Truth truth_;
    Files files_;
    std::vector<std::string> deleted_;
};

/// The share of the machine that others leave. They may come and go.
class SharedMachine final : public machine::Capacity {
public:
    explicit SharedMachine(Resources total) : total_(total) {}
    Resources total() const override { return total_; }
    Bytes memory_of_machine() const override { return total_.memory; }
    Resources agree(const std::function<Resources(const Resources&)>& decide) override {
        const Resources may_hold = clamp_to_zero(total_ - others_);
        const Resources wanted = decide(may_hold);
        took_too_much_ |= !fits(wanted, max_of(may_hold, held_));
        return held_ = wanted;
    }

    const machine::Others& others() const override { return told_; }
    void tell_queues(std::vector<machine::QueueHolding> queues) override { queues_ = std::move(queues); }
    void tell_devices(std::vector<int> held) override { devices_ = std::move(held); }

    void others_hold(const Resources& amounts) { told_.runs = others_ = amounts; }
    /// What another run holds in a queue and waits for there; of no path: there is none.
    void others_queue(machine::QueueHolding holding) {
        told_.queues.clear();
        if (!holding.path.empty()) told_.queues.push_back(std::move(holding));
    }
    /// What this run last told of its queues.
    const std::vector<machine::QueueHolding>& queues() const { return queues_; }
    /// Other runs hold so much of each GPU, in thousandths.
    void others_devices(std::vector<int> held) { told_.devices = std::move(held); }
    /// What this run last told of its GPUs.
    const std::vector<int>& devices() const { return devices_; }
    /// What the run last said that it holds.
    const Resources& held() const { return held_; }
    /// Did it ever come to hold more than others had left?
    bool took_too_much() const { return took_too_much_; }

private:
    Resources total_;
    Resources others_;
    machine::Others told_;
    std::vector<machine::QueueHolding> queues_;
    std::vector<int> devices_;
    Resources held_;
    bool took_too_much_ = false;
};

}  // namespace plimsoll::simulate
