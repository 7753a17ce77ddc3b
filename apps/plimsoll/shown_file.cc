// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/shown_file.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include "plimsoll/base/log.h"

namespace plimsoll::cli {
namespace {

constexpr auto ask_again = std::chrono::milliseconds(50);
constexpr int asked_by_destructor = 20;

/// A stretch of the file, or a text where `size` is 0.
struct Piece {
    off_t from = 0;
    std::size_t size = 0;
    std::string text;
};

bool copy(const Fd& file, Piece piece, Outlet& outlet) {
    char part[16384];
    while (piece.size > 0) {
        const ssize_t got = ::pread(file.fd(), part, std::min(piece.size, sizeof part), piece.from);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return true;  // somebody has cut the file
        if (!outlet.show({part, static_cast<std::size_t>(got)})) return false;
        piece.from += got;
        piece.size -= static_cast<std::size_t>(got);
    }
    return piece.text.empty() || outlet.show(piece.text);
}

}  // namespace

bool write_all(int to, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(to, text.data(), text.size());
        if (written >= 0) {
            text.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno == EAGAIN) {
            pollfd room{.fd = to, .events = POLLOUT, .revents = 0};
            ::poll(&room, 1, -1);
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

namespace {

class PlainOutlet final : public Outlet {
public:
    explicit PlainOutlet(int to) : to_(to) {}
    bool show(std::string_view text) override { return write_all(to_, text); }

private:
    int to_;
};

}  // namespace

std::unique_ptr<Outlet> plain_outlet(int to) { return std::make_unique<PlainOutlet>(to); }

struct ShownFile::State {
    Fd file;
    std::unique_ptr<Outlet> outlet;
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<Piece> waiting;  ///< stretches that meet are one
    bool is_showing = false;
    bool is_woken = false;
    bool has_no_reader = false;
    bool is_over = false;
    std::thread thread;

    void run() {
        std::unique_lock lock(mutex);
        while (true) {
            changed.wait(lock, [this] { return !waiting.empty() || is_woken || is_over; });
            if (waiting.empty() && !is_woken) return;
            Piece piece;
            const bool refreshes = std::exchange(is_woken, false);
            if (!refreshes) {
                piece = std::move(waiting.front());
                waiting.pop_front();
            }
            is_showing = true;
            lock.unlock();
            const bool has_reader = refreshes ? outlet->refresh() : copy(file, std::move(piece), *outlet);
            lock.lock();
            is_showing = false;
            if (!has_reader) has_no_reader = true, waiting.clear();
            changed.notify_all();
        }
    }

    void add(Piece piece) {
        if (!thread.joinable()) return void(copy(file, std::move(piece), *outlet));
        const std::lock_guard lock(mutex);
        if (has_no_reader) return;
        const bool meets = !waiting.empty() && waiting.back().text.empty() && piece.text.empty() &&
                           waiting.back().from + static_cast<off_t>(waiting.back().size) == piece.from;
        if (meets) waiting.back().size += piece.size;
        else waiting.push_back(std::move(piece));
        changed.notify_all();
    }
};

ShownFile::ShownFile(Fd file, std::unique_ptr<Outlet> outlet) : state_(std::make_unique<State>()) {
    state_->file = std::move(file);
    state_->outlet = std::move(outlet);
    try {
        state_->thread = std::thread([state = state_.get()] { state->run(); });
    } catch (const std::system_error&) {
        log(LogLevel::warning, "no thread can be started: the run waits for whoever reads what it tells");
    }
}

ShownFile::~ShownFile() {
    int asked = 0;
    finish([&asked] { return ++asked > asked_by_destructor; });
}

void ShownFile::show(off_t from, std::size_t size) { state_->add({from, size, {}}); }

void ShownFile::show(std::string text) { state_->add({0, 0, std::move(text)}); }

void ShownFile::wake() {
    if (!state_->thread.joinable()) return void(state_->outlet->refresh());
    const std::lock_guard lock(state_->mutex);
    if (state_->has_no_reader) return;
    state_->is_woken = true;
    state_->changed.notify_all();
}

void ShownFile::wake_and_wait(std::chrono::milliseconds patience) {
    wake();
    if (!state_->thread.joinable()) return;
    std::unique_lock lock(state_->mutex);
    state_->changed.wait_for(lock, patience, [this] { return !state_->is_woken && !state_->is_showing; });
}

void ShownFile::finish(const std::function<bool()>& give_up) {
    if (!state_ || !state_->thread.joinable()) return;
    std::unique_lock lock(state_->mutex);
    const auto is_shown = [this] { return state_->waiting.empty() && !state_->is_woken && !state_->is_showing; };
    bool gives_up = false;
    while (!state_->changed.wait_for(lock, ask_again, is_shown) && !gives_up) gives_up = give_up();
    state_->is_over = true;
    state_->changed.notify_all();
    lock.unlock();
    if (!gives_up) return state_->thread.join();
    // It stands in a write that may never return, and needs its state as long as the process lives.
    state_->thread.detach();
    [[maybe_unused]] const State* kept = state_.release();
}

}  // namespace plimsoll::cli
