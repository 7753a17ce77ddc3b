// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/model/task.h"

#include <algorithm>
#include <cmath>

namespace plimsoll {
namespace {

std::int64_t allotted(Command::Allotted what, Cores cpu, Bytes memory) {
    switch (what) {
        // A millionth of a core is the noise of sums, not a wish for another thread.
        case Command::Allotted::cpu: return std::max<std::int64_t>(1, std::llround(std::ceil(cpu.count - 1e-6)));
        case Command::Allotted::memory_bytes: return std::max<std::int64_t>(1, memory.count);
        case Command::Allotted::memory_mib: return std::max<std::int64_t>(1, memory.count >> 20);
        case Command::Allotted::memory_gib: return std::max<std::int64_t>(1, memory.count >> 30);
    }
    return 1;
}

}  // namespace

std::string command_line(const Command& command, Cores cpu, Bytes memory) {
    std::string line;
    line.reserve(command.text.size() + command.slots.size() * 8);
    std::size_t from = 0;
    for (const Command::Slot& slot : command.slots) {
        line.append(command.text, from, slot.offset - from);
        line += std::to_string(allotted(slot.what, cpu, memory));
        from = slot.offset;
    }
    return line.append(command.text, from);
}

std::string program_of(const std::string& tool) { return tool.substr(0, tool.find(' ')); }

}  // namespace plimsoll
