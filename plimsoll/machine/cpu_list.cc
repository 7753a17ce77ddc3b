// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/cpu_list.h"

#include <algorithm>

#include "plimsoll/base/text.h"
#include "plimsoll/machine/proc_numbers.h"

namespace plimsoll::machine {

// No kernel is built for more; a range beyond it is a mistake.
constexpr std::uint64_t cpus_max = 1 << 16;

std::vector<int> parse_cpu_list(std::string_view text) {
    std::vector<int> cpus;
    for (std::string_view part : split(take_line(text), ',')) {
        const auto first = take_number(part);
        auto last = first;
        if (part.starts_with('-')) {
            part.remove_prefix(1);
            last = take_number(part);
        }
        if (!first || !last || !part.empty() || *last >= cpus_max) return {};
        for (std::uint64_t cpu = *first; cpu <= *last; ++cpu) cpus.push_back(static_cast<int>(cpu));
    }
    return cpus;
}

std::string format_cpu_list(std::span<const int> cpus) {
    std::string text;
    for (const int cpu : cpus) text.append(text.empty() ? "" : ",").append(std::to_string(cpu));
    return text;
}

std::vector<int> least_used(std::vector<int> cpus, const std::map<int, int>& uses, std::size_t count) {
    const auto uses_of = [&](int cpu) {
        const auto found = uses.find(cpu);
        return found == uses.end() ? 0 : found->second;
    };
    std::sort(cpus.begin(), cpus.end());
    std::stable_sort(cpus.begin(), cpus.end(), [&](int a, int b) { return uses_of(a) < uses_of(b); });
    cpus.resize(std::min(count, cpus.size()));
    std::sort(cpus.begin(), cpus.end());
    return cpus;
}

}  // namespace plimsoll::machine
