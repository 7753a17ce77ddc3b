// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/base/background.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

namespace plimsoll {

struct LowPriorityThread::State {
    std::mutex mutex;
    std::condition_variable work;
    std::deque<std::function<void()>> queue;
    bool stopping = false;
    std::thread thread;

    void work_until_stopped();
};

void LowPriorityThread::State::work_until_stopped() {
    // Where it is refused the thread is one like others: slower for them, no less right.
    const sched_param idle{};
    (void)::pthread_setschedparam(::pthread_self(), SCHED_IDLE, &idle);
    for (;;) {
        std::unique_lock lock(mutex);
        work.wait(lock, [this] { return stopping || !queue.empty(); });
        if (stopping) return;
        const std::function<void()> next = std::move(queue.front());
        queue.pop_front();
        lock.unlock();
        next();
    }
}

LowPriorityThread::LowPriorityThread() : state_(std::make_unique<State>()) {}

LowPriorityThread::~LowPriorityThread() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->stopping = true;
    }
    state_->work.notify_all();
    if (state_->thread.joinable()) state_->thread.join();
}

// Signals are for the thread that begins this: the worker is born with all of them blocked.
void LowPriorityThread::begin() {
    if (state_->thread.joinable()) return;
    sigset_t all, before;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    state_->thread = std::thread([this] { state_->work_until_stopped(); });
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void LowPriorityThread::run(std::function<void()> work) {
    if (!state_->thread.joinable()) return work();
    {
        const std::lock_guard lock(state_->mutex);
        state_->queue.push_back(std::move(work));
    }
    state_->work.notify_all();
}

}  // namespace plimsoll
