// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/content_hasher.h"

#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace plimsoll::workflow {

ContentHasher::~ContentHasher() {
    if (!thread_.joinable()) return;
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        queue_.clear();
    }
    wanted_.notify_one();
    thread_.join();
}

bool ContentHasher::submit(std::string path, const Sighting& seen) {
    if (queued_ + seen.bytes > queued_max_) return false;
    queued_ += seen.bytes;
    ++outstanding_;
    staged_.push_back({std::move(path), seen, std::nullopt});
    if (!thread_.joinable()) start();
    const std::unique_lock lock(mutex_, std::try_to_lock);
    if (lock) hand_over();
    return true;
}

std::vector<ContentWanted> ContentHasher::take_done() {
    if (outstanding_ == 0) return {};
    std::unique_lock lock(mutex_, std::try_to_lock);
    if (!lock) return {};
    hand_over();
    std::vector<ContentWanted> done = std::exchange(finished_, {});
    lock.unlock();
    outstanding_ -= done.size();
    for (const ContentWanted& one : done) queued_ -= one.seen.bytes;
    return done;
}

std::vector<ContentWanted> ContentHasher::drain(Bytes at_most) {
    if (outstanding_ == 0) return {};
    {
        std::unique_lock lock(mutex_);
        hand_over();
        Bytes kept{};
        std::erase_if(queue_, [&](ContentWanted& wanted) {
            kept += wanted.seen.bytes;
            if (kept <= at_most) return false;
            finished_.push_back(std::move(wanted));
            return true;
        });
        while (!queue_.empty()) hash_next(lock);
        done_.wait(lock, [&] { return busy_ == 0; });
    }
    std::vector<ContentWanted> done;
    // The thread has nothing to do, so the lock is free but for the instant in which it goes to sleep.
    while (outstanding_ > 0) std::ranges::move(take_done(), std::back_inserter(done));
    return done;
}

void ContentHasher::hand_over() {
    if (staged_.empty()) return;
    std::ranges::move(staged_, std::back_inserter(queue_));
    staged_.clear();
    wanted_.notify_one();
}

void ContentHasher::start() {
    // Signals are the main thread's affair.
    sigset_t all, before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    thread_ = std::thread([this] { work(); });
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void ContentHasher::work() {
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), 10);
    std::unique_lock lock(mutex_);
    while (true) {
        wanted_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
        if (stopping_) return;
        hash_next(lock);
    }
}

/// Lets go of the lock while it reads.
void ContentHasher::hash_next(std::unique_lock<std::mutex>& lock) {
    ContentWanted wanted = std::move(queue_.front());
    queue_.pop_front();
    ++busy_;
    lock.unlock();
    if (look(folder_, wanted.path) == wanted.seen) {
        auto content = hash_content(folder_, wanted.path);
        if (content && look(folder_, wanted.path) == wanted.seen) wanted.content = *content;
    }
    lock.lock();
    finished_.push_back(std::move(wanted));
    if (--busy_ == 0) done_.notify_one();
}

}  // namespace plimsoll::workflow
