// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/busy.h"

#include <cstdint>

#include "plimsoll/base/file.h"
#include "plimsoll/machine/proc.h"
#include "plimsoll/machine/proc_numbers.h"

namespace plimsoll::machine {

std::optional<Duration> busy_time(const std::string& proc) {
    const auto stat = read_file(proc + "/stat");
    if (!stat) return std::nullopt;
    std::string_view text = *stat;
    std::string_view line = take_line(text);
    if (take_word(line) != "cpu") return std::nullopt;
    // proc(5): user nice system idle iowait irq softirq steal ...; guests are counted in user and nice.
    constexpr bool is_busy[] = {true, true, true, false, false, true, true};
    std::uint64_t busy = 0;
    for (const bool counts : is_busy) {
        while (line.starts_with(' ')) line.remove_prefix(1);
        const auto ticks = take_number(line);
        if (!ticks) return std::nullopt;
        if (counts) busy += *ticks;
    }
    return from_ticks(busy);
}

}  // namespace plimsoll::machine
