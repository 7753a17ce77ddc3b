// SPDX-License-Identifier: Apache-2.0
#include "children.h"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>

#include "blocks.h"
#include "plimsoll/base/file.h"

namespace plimsoll::load {

namespace {

/// What a child answers when it holds what it was asked to, or could not.
struct Answer {
    std::int64_t held = 0;
    bool has_failed = false;
    char why[104] = {};
};

/// A child's life: holds what it is asked to until nobody asks any more.
[[noreturn]] void serve(const Fd& socket, pid_t parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(1);  // it died before the line above
    const std::unique_ptr<Memory> memory = touched_blocks();
    std::int64_t amount = 0;
    while (::read(socket.fd(), &amount, sizeof amount) == sizeof amount) {
        const Result<void> done = memory->hold({amount});
        Answer answer{.held = memory->held().count, .has_failed = !done};
        if (!done) std::strncpy(answer.why, done.error().message.c_str(), sizeof answer.why - 1);
        if (::send(socket.fd(), &answer, sizeof answer, MSG_NOSIGNAL) != sizeof answer) ::_exit(1);
    }
    ::_exit(0);
}

/// Owns a child; lets it end, and waits for that, on destruction.
class Child {
public:
    static Result<Child> make() {
        int ends[2];
        if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
            return system_error("cannot make a socket for a child");
        Fd ours(ends[0]), theirs(ends[1]);
        const pid_t parent = ::getpid();
        const pid_t pid = ::fork();
        if (pid < 0) return system_error("cannot fork");
        if (pid == 0) {
            ours = Fd();
            serve(theirs, parent);
        }
        return Child(pid, std::move(ours));
    }
    Child(Child&& other) noexcept
        : pid_(std::exchange(other.pid_, 0)),
          socket_(std::move(other.socket_)),
          held_(other.held_),
          settled_(other.settled_) {}
    Child& operator=(Child&&) = delete;
    ~Child() {
        if (pid_ <= 0) return;
        ::shutdown(socket_.fd(), SHUT_RDWR);  // later children hold copies of this end
        ::waitpid(pid_, nullptr, 0);
    }

    /// An error: it has died, unseen until now.
    Result<void> require_alive() {
        int status = 0;
        if (::waitpid(pid_, &status, WNOHANG) == 0) return {};
        const pid_t dead = std::exchange(pid_, 0);
        return unavailable(WIFSIGNALED(status) ? fmt::format("child {} was killed by signal {}", dead, WTERMSIG(status))
                                               : fmt::format("child {} has ended", dead));
    }

    Result<void> hold(std::int64_t amount) {
        if (amount == held_) return {};
        Answer answer;
        if (::send(socket_.fd(), &amount, sizeof amount, MSG_NOSIGNAL) != sizeof amount ||
            ::read(socket_.fd(), &answer, sizeof answer) != sizeof answer)
            return unavailable(fmt::format("child {} died while it was given its part", pid_));
        if (answer.has_failed) return unavailable(fmt::format("in child {}: {}", pid_, answer.why));
        held_ = amount;
        settled_ = answer.held;
        return {};
    }
    std::int64_t held() const { return settled_; }

private:
    Child(pid_t pid, Fd socket) : pid_(pid), socket_(std::move(socket)) {}

    pid_t pid_;
    Fd socket_;
    std::int64_t held_ = 0;     ///< as asked
    std::int64_t settled_ = 0;  ///< as answered: whole blocks
};

class Children final : public Memory {
public:
    Result<void> hold(Bytes amount) override {
        const std::int64_t part = child_part.count;
        const auto count = static_cast<std::size_t>((amount.count + part - 1) / part);
        for (Child& child : children_) PLIM_TRY(child.require_alive());
        while (children_.size() > count) children_.pop_back();
        for (std::size_t at = 0; at < count; ++at) {
            if (at == children_.size()) children_.push_back(PLIM_TRY(Child::make()));
            PLIM_TRY(children_[at].hold(std::min(part, amount.count - static_cast<std::int64_t>(at) * part)));
        }
        return {};
    }
    Bytes held() const override {
        Bytes sum{};
        for (const Child& child : children_) sum.count += child.held();
        return sum;
    }

private:
    std::vector<Child> children_;
};

}  // namespace

std::unique_ptr<Memory> forked_children() { return std::make_unique<Children>(); }

}  // namespace plimsoll::load
