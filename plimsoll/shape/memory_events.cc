// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/shape/memory_events.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <utility>

namespace plimsoll::shape {

MemoryEvents::MemoryEvents(const machine::CgroupTree& tree, std::string group)
    : folder_(tree.memory + "/" + std::move(group)), is_v1_(tree.is_memory_v1()) {}

bool MemoryEvents::open(Bytes mark) {
    if (!is_v1_) {
        fd_ = Fd(::open((folder_ + "/memory.events").c_str(), O_RDONLY | O_CLOEXEC));
        take();
        return static_cast<bool>(fd_);
    }
    Fd before = std::exchange(fd_, Fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)));
    return fd_ && add("memory.oom_control", {}) && (mark <= Bytes{} || add("memory.usage_in_bytes", mark));
}

/// "EVENTFD FILE THRESHOLD" into cgroup.event_control. The kernel keeps the eventfd, not the file.
bool MemoryEvents::add(const std::string& event_source, Bytes mark) const {
    const auto source = open_file(folder_ + "/" + event_source, O_RDONLY);
    if (!source) return false;
    std::string text = std::to_string(fd_.fd()) + " " + std::to_string(source->fd());
    if (mark > Bytes{}) text += " " + std::to_string(mark.count);
    return write_kernel_file(folder_ + "/cgroup.event_control", text).has_value();
}

std::uint32_t MemoryEvents::wanted() const { return is_v1_ ? EPOLLIN : EPOLLPRI; }

void MemoryEvents::take() const {
    char room[512];
    [[maybe_unused]] const ssize_t got =
        is_v1_ ? ::read(fd_.fd(), room, sizeof(std::uint64_t)) : ::pread(fd_.fd(), room, sizeof room, 0);
}

}  // namespace plimsoll::shape
