// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/proc.h"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "plimsoll/base/file.h"
#include "plimsoll/machine/proc_numbers.h"

namespace plimsoll::machine {
namespace {

constexpr std::uint64_t most_seconds = 4'000'000'000;  // fits Duration twice over

Bytes bytes(std::uint64_t count) { return {static_cast<std::int64_t>(count)}; }

// The fields behind the name, counted from the state (field 3 of proc(5)).
constexpr std::size_t parent_field = 1, group_field = 2, session_field = 3, user_field = 11, system_field = 12,
                      waited_user_field = 13, waited_system_field = 14, threads_field = 17, start_field = 19,
                      field_count = 20;

}  // namespace

Duration from_ticks(std::uint64_t ticks) {
    static const auto per_second = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
    ticks = std::min(ticks, most_seconds * per_second);
    return std::chrono::seconds(ticks / per_second) +
           std::chrono::nanoseconds(ticks % per_second * 1'000'000'000 / per_second);
}

std::optional<ProcessStat> parse_process_stat(std::string_view text) {
    // "PID (NAME) STATE ...": the name may hold blanks and parentheses, the last one ends it.
    const auto pid = take_number(text);
    const std::size_t name_end = text.rfind(')');
    if (!pid || name_end == std::string_view::npos) return std::nullopt;
    text.remove_prefix(name_end + 1);
    const std::string_view state = take_word(text);
    if (state.size() != 1) return std::nullopt;
    std::array<std::uint64_t, field_count> field{};
    for (std::size_t at = 1; at < field_count; ++at) {
        std::string_view word = take_word(text);
        if (word.empty()) return std::nullopt;
        field[at] = take_number(word).value_or(0);  // some that we do not read are negative
    }
    return ProcessStat{.pid = static_cast<int>(*pid),
                       .state = state[0],
                       .parent = static_cast<int>(field[parent_field]),
                       .group = static_cast<int>(field[group_field]),
                       .session = static_cast<int>(field[session_field]),
                       .cpu = from_ticks(field[user_field] + field[system_field]),
                       .cpu_of_waited = from_ticks(field[waited_user_field] + field[waited_system_field]),
                       .threads = static_cast<std::uint32_t>(field[threads_field]),
                       .start_ticks = field[start_field]};
}

std::optional<ProcessMemory> parse_process_memory(std::string_view text) {
    std::uint64_t anon = 0, file = 0, shmem = 0, high_water = 0;
    const std::array wanted = {WantedNumber{"VmHWM", &high_water}, WantedNumber{"RssAnon", &anon},
                               WantedNumber{"RssFile", &file}, WantedNumber{"RssShmem", &shmem}};
    if (read_numbers(text, wanted) != static_cast<int>(wanted.size())) return std::nullopt;
    return ProcessMemory{kibibytes(anon), kibibytes(file), kibibytes(shmem), kibibytes(high_water)};
}

std::optional<ProcessDisk> parse_process_disk(std::string_view text) {
    std::uint64_t read = 0, written = 0, read_calls = 0, write_calls = 0;
    const std::array wanted = {WantedNumber{"syscr", &read_calls}, WantedNumber{"syscw", &write_calls},
                               WantedNumber{"read_bytes", &read}, WantedNumber{"write_bytes", &written}};
    if (read_numbers(text, wanted) != static_cast<int>(wanted.size())) return std::nullopt;
    return ProcessDisk{bytes(read), bytes(written), read_calls, write_calls};
}

std::optional<ProcessStat> process_stat(const std::string& proc, int pid) {
    const auto text = read_file(proc + "/" + std::to_string(pid) + "/stat");
    if (!text) return std::nullopt;
    return parse_process_stat(*text);
}

}  // namespace plimsoll::machine
