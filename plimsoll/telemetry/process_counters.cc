// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/telemetry/process_counters.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "plimsoll/base/probe.h"
#include "plimsoll/machine/proc.h"
#include "plimsoll/machine/proc_numbers.h"

namespace plimsoll::telemetry {
namespace {

constexpr Duration kin_age = std::chrono::seconds(2);

bool contains(const std::vector<int>& pids, int pid) { return std::find(pids.begin(), pids.end(), pid) != pids.end(); }

/// Until it becomes the command, a container's first process is the runtime's.
bool is_runtime(std::string_view status) {
    return status.starts_with("Name:\trunc") || status.starts_with("Name:\tcrun");
}

}  // namespace

ProcessCounters::ProcessCounters(const std::string& proc, int own_pid)
    : proc_(::open(proc.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)), own_pid_(own_pid) {
    lists_children_ = ::faccessat(proc_.fd(), "thread-self/children", R_OK, 0) == 0;
}

std::optional<machine::ProcessStat> ProcessCounters::read_stat(int pid, ReadBuffer& buffer) const {
    return machine::parse_process_stat(buffer.read_at(proc_.fd(), ProcessPath(pid, "stat").text()));
}

/// Read once a sample.
std::optional<machine::ProcessStat> ProcessCounters::stat_of(int pid, ReadBuffer& buffer) {
    const auto found = std::find_if(stats_.begin(), stats_.end(), [&](const auto& stat) { return stat.pid == pid; });
    if (found != stats_.end()) return *found;
    const auto stat = read_stat(pid, buffer);
    if (stat) stats_.push_back(*stat);
    return stat;
}

void ProcessCounters::add_tree(int root, Instant now, std::vector<int>& pids, ReadBuffer& buffer) {
    stats_.clear();
    if (!stat_of(root, buffer)) return;
    refresh_kin(now, buffer);
    std::size_t new_from = pids.size();
    pids.push_back(root);
    do {
        if (lists_children_) add_descendants(new_from, pids, buffer);
        new_from = pids.size();
    } while (add_relatives(root, pids));
}

/// One round over the known kin; true when somebody was added.
bool ProcessCounters::add_relatives(int root, std::vector<int>& pids) const {
    bool added = false;
    for (const Kin& kin : kin_) {
        const bool related =
            kin.group == root || kin.session == root || (!lists_children_ && contains(pids, kin.parent));
        if (!related || contains(pids, kin.pid)) continue;
        pids.push_back(kin.pid);
        added = true;
    }
    return added;
}

void ProcessCounters::add_descendants(std::size_t from, std::vector<int>& pids, ReadBuffer& buffer) {
    for (std::size_t at = from; at < pids.size(); ++at) add_children(pids[at], pids, buffer);
}

/// The kernel lists the children of each thread apart; most processes have but one.
void ProcessCounters::add_children(int pid, std::vector<int>& pids, ReadBuffer& buffer) {
    const auto stat = stat_of(pid, buffer);
    numbers_.clear();
    if (stat && stat->threads == 1) numbers_.push_back(pid);
    else add_numbered_entries(proc_.fd(), ProcessPath(pid, "task").text(), numbers_);
    for (const int thread : numbers_) {
        std::string_view text = buffer.read_at(proc_.fd(), ProcessPath::of_children(pid, thread).text());
        while (const auto child = machine::take_number(text)) {
            if (!contains(pids, static_cast<int>(*child))) pids.push_back(static_cast<int>(*child));
            if (text.starts_with(' ')) text.remove_prefix(1);
        }
    }
}

void ProcessCounters::refresh_kin(Instant now, ReadBuffer& buffer) {
    if (kin_read_ != Instant::min() && now < kin_read_ + kin_age) return;
    kin_read_ = now;
    kin_.clear();
    std::vector<int> pids;
    if (lists_children_) add_children(own_pid_, pids, buffer);
    else add_numbered_entries(proc_.fd(), ".", pids);
    for (const int pid : pids) add_kin(pid, buffer);
}

void ProcessCounters::add_kin(int pid, ReadBuffer& buffer) {
    const auto stat = read_stat(pid, buffer);
    if (stat) kin_.push_back({pid, stat->parent, stat->group, stat->session});
}

void ProcessCounters::sum(std::span<const int> pids, Wanted wanted, Usage& usage, ReadBuffer& buffer) {
    for (const int pid : pids) {
        if (wanted.cpu || wanted.threads) add_stat(pid, wanted, usage, buffer);
        if (wanted.memory || wanted.high_water) add_memory(pid, wanted, usage, buffer);
        if (wanted.disk) add_disk(pid, usage, buffer);
    }
    stats_.clear();
}

void ProcessCounters::add_stat(int pid, Wanted wanted, Usage& usage, ReadBuffer& buffer) {
    const auto stat = stat_of(pid, buffer);
    if (!stat) return;
    if (wanted.cpu) usage.cpu += stat->cpu + stat->cpu_of_waited;
    if (wanted.threads) usage.threads += stat->threads;
}

void ProcessCounters::add_memory(int pid, Wanted wanted, Usage& usage, ReadBuffer& buffer) const {
    const std::string_view status = buffer.read_at(proc_.fd(), ProcessPath(pid, "status").text());
    const auto memory = machine::parse_process_memory(status);
    if (!memory) return;
    if (wanted.memory) usage.memory += memory->anon + memory->shmem;
    if (wanted.high_water && !is_runtime(status))
        usage.process_high_water = std::max(usage.process_high_water, memory->high_water);
}

void ProcessCounters::add_disk(int pid, Usage& usage, ReadBuffer& buffer) {
    const std::string_view text = buffer.read_at(proc_.fd(), ProcessPath(pid, "io").text());
    if (text.empty() && errno != 0 && errno != ENOENT && errno != ESRCH) {
        PLIM_PROBE("telemetry: a process does not tell its disk bytes");
        disk_refused_ = true;
    }
    if (const auto disk = machine::parse_process_disk(text)) {
        usage.read_bytes += disk->read;
        usage.write_bytes += disk->written;
        usage.read_operations += disk->read_calls;
        usage.write_operations += disk->write_calls;
    }
}

}  // namespace plimsoll::telemetry
