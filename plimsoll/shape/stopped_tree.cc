// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/shape/stopped_tree.h"

#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "plimsoll/base/probe.h"

namespace plimsoll::shape {
namespace {

// A tree that forks faster than it is stopped is caught within a few rounds, since each leaves fewer to fork.
constexpr int rounds_max = 50;

// So old that every process there is comes into question.
constexpr Duration any_age = std::chrono::hours(1);

bool stands_still(const machine::ProcessStat& process) { return process.state == 'T' || process.state == 't'; }

bool is_same(const machine::ProcessStat& a, const machine::ProcessStat& b) {
    return a.pid == b.pid && a.start_ticks == b.start_ticks;
}

}  // namespace

StoppedTree::StoppedTree(int leader, std::string proc)
    : leader_(leader),
      proc_(std::move(proc)),
      mark_(machine::attempt_mark_of(leader, proc_).value_or(machine::AttemptMark{})) {}

StoppedTree::Round StoppedTree::stop_once() {
    Round round = Round::nobody_new;
    for (const int pid : machine::attempt_processes(mark_, leader_, any_age, proc_)) {
        const auto process = machine::process_stat(proc_, pid);
        const auto is_this = [&](const machine::ProcessStat& each) { return is_same(each, *process); };
        if (!process || stands_still(*process) || std::any_of(stopped_.begin(), stopped_.end(), is_this)) continue;
        if (::kill(pid, SIGSTOP) == 0) {
            stopped_.push_back(*process);
            round = Round::somebody_new;
        } else if (errno == EPERM) {
            PLIM_PROBE("a process of an attempt may not be stopped");
            return Round::refused;
        }
    }
    return round;
}

Result<void> StoppedTree::stop() {
    // One that was stopped before may have been sent on by somebody else since.
    std::erase_if(stopped_, [&](const machine::ProcessStat& each) {
        const auto now = machine::process_stat(proc_, each.pid);
        return !now || !is_same(*now, each) || !stands_still(*now);
    });
    Round round = Round::somebody_new;
    for (int rounds = 0; round == Round::somebody_new && rounds < rounds_max; ++rounds) round = stop_once();
    if (round == Round::nobody_new) return {};
    go_on();
    return unavailable(round == Round::refused ? "a process of the task runs as another user and cannot be stopped"
                                               : "the task starts processes faster than they can be stopped");
}

void StoppedTree::go_on() {
    for (const machine::ProcessStat& each : stopped_) {
        const auto now = machine::process_stat(proc_, each.pid);
        if (now && is_same(*now, each)) ::kill(each.pid, SIGCONT);
    }
    stopped_.clear();
}

}  // namespace plimsoll::shape
