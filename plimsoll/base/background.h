// SPDX-License-Identifier: Apache-2.0
// The edge to work that may wait: choices of milliseconds that a loop with a rhythm of microseconds should not make
// itself. Live runs hand it to a thread of the lowest priority; the simulator, the bench and tests do it in line, so
// that what comes of it does not depend on when.
#pragma once

#include <functional>
#include <memory>

namespace plimsoll {

class Background {
public:
    virtual ~Background() = default;
    /// Does the work now or later, after what was handed in before it. It shares nothing with its caller but what it
    /// hands over when done, and throws nothing.
    virtual void run(std::function<void()> work) = 0;
};

class InLine final : public Background {
public:
    void run(std::function<void()> work) override { work(); }
};

/// A thread that gets what nobody else wants of a processor (SCHED_IDLE). Until it is begun, work is done in line: what
/// is learnt before a run must not depend on how fast. Work that has not begun when this ends is dropped.
class LowPriorityThread final : public Background {
public:
    LowPriorityThread();
    ~LowPriorityThread() override;
    LowPriorityThread(const LowPriorityThread&) = delete;
    LowPriorityThread& operator=(const LowPriorityThread&) = delete;
    void begin();
    void run(std::function<void()> work) override;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace plimsoll
