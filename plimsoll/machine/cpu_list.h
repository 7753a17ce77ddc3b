// SPDX-License-Identifier: Apache-2.0
// Lists of CPUs as the kernel writes them, and which of them to take.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::machine {

/// "0-2,8" gives 0, 1, 2, 8; what is no such list gives none.
std::vector<int> parse_cpu_list(std::string_view text);
/// The CPUs one by one: "0,1,2,8".
std::string format_cpu_list(std::span<const int> cpus);

/// `count` of the CPUs, those with the fewest uses first and of equals the lowest; all when there are not as many.
std::vector<int> least_used(std::vector<int> cpus, const std::map<int, int>& uses, std::size_t count);

}  // namespace plimsoll::machine
