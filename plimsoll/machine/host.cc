// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/host.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>

#include "plimsoll/base/file.h"
#include "plimsoll/base/hash.h"
#include "plimsoll/base/text.h"
#include "plimsoll/machine/cgroup_hierarchies.h"
#include "plimsoll/machine/proc_numbers.h"

namespace plimsoll::machine {
namespace {

/// v1 writes "no limit" as the largest multiple of the page size.
constexpr std::uint64_t no_limit = std::uint64_t{1} << 62;

/// The text of a small file without blanks around it; "" when it cannot be read.
std::string line_of(const std::string& path) {
    const std::string text = read_file(path).value_or("");
    const std::size_t begin = text.find_first_not_of(" \t\n"), end = text.find_last_not_of(" \t\n");
    return begin == std::string::npos ? "" : text.substr(begin, end - begin + 1);
}

std::optional<Bytes> memory_limit(const std::string& group, bool is_v2) {
    const auto limit = single_number(line_of(group + (is_v2 ? "/memory.max" : "/memory.limit_in_bytes")));
    if (!limit || *limit >= no_limit) return std::nullopt;
    return Bytes{static_cast<std::int64_t>(*limit)};
}

std::optional<Cores> cpu_limit(const std::string& group, bool is_v2) {
    std::string text = is_v2 ? line_of(group + "/cpu.max")
                             : line_of(group + "/cpu.cfs_quota_us") + " " + line_of(group + "/cpu.cfs_period_us");
    std::string_view rest = text;
    std::string_view quota_word = take_word(rest), period_word = take_word(rest);
    const auto quota = take_number(quota_word), period = take_number(period_word);  // "max" and "-1": no limit
    if (!quota || !period || *period == 0) return std::nullopt;
    return Cores{static_cast<double>(*quota) / static_cast<double>(*period)};
}

void tighten(Enclosure& enclosure, const std::string& group, const Hierarchy& hierarchy) {
    if (hierarchy.is_v2 || hierarchy.has("memory")) {
        const auto limit = memory_limit(group, hierarchy.is_v2);
        if (limit && (!enclosure.memory || *limit < *enclosure.memory)) {
            enclosure.memory = limit;
            enclosure.memory_stat = group + "/memory.stat";
            enclosure.is_memory_v1 = !hierarchy.is_v2;
        }
    }
    if (hierarchy.is_v2 || hierarchy.has("cpu")) {
        const auto limit = cpu_limit(group, hierarchy.is_v2);
        if (limit && (!enclosure.cpu || *limit < *enclosure.cpu)) enclosure.cpu = limit;
    }
}

Enclosure read_enclosure(const std::string& root) {
    Enclosure enclosure;
    for (const Hierarchy& hierarchy : read_hierarchies(root)) {
        std::string group = root + hierarchy.mount_point;
        tighten(enclosure, group, hierarchy);
        for (const std::string_view part : split(hierarchy.own_group, '/')) {
            if (part.empty()) continue;
            tighten(enclosure, group.append("/").append(part), hierarchy);
        }
    }
    return enclosure;
}

/// A machine-id is not to be shown (machine-id(5)); its hash together with the model names the machine as
/// well. Without one, as in many containers, the host's name stands in.
std::string machine_of(const std::string& id, const std::string& model) {
    Hasher hasher;
    hasher.add_field(id);
    hasher.add_field(model);
    return (model.empty() ? "machine" : model) + " #" + hasher.digest().hex().substr(0, 8);
}

struct MemInfo {
    std::uint64_t total_kib = 0, available_kib = 0;
};

std::optional<MemInfo> read_meminfo(const std::string& root) {
    const auto text = read_file(root + "/proc/meminfo");
    if (!text) return std::nullopt;
    MemInfo info;
    const std::array wanted = {WantedNumber{"MemTotal", &info.total_kib},
                               WantedNumber{"MemAvailable", &info.available_kib}};
    if (read_numbers(*text, wanted) != 2) return std::nullopt;
    return info;
}

/// anon + shmem within the group that limits us; page cache is given up when memory is needed.
std::optional<Bytes> used_within(const Enclosure& enclosure) {
    const auto text = read_file(enclosure.memory_stat);
    if (!text) return std::nullopt;
    std::uint64_t anon = 0, shmem = 0;
    const bool v1 = enclosure.is_memory_v1;
    const std::array wanted = {WantedNumber{v1 ? "total_rss" : "anon", &anon},
                               WantedNumber{v1 ? "total_shmem" : "shmem", &shmem}};
    if (read_numbers(*text, wanted) != 2) return std::nullopt;
    return Bytes{static_cast<std::int64_t>(anon + shmem)};
}

}  // namespace

int count_of_list(std::string_view list) {
    int count = 0;
    while (const auto first = take_number(list)) {
        std::optional<std::uint64_t> last = first;
        if (list.starts_with('-')) {
            list.remove_prefix(1);
            last = take_number(list);
        }
        if (last && *last >= *first) count += static_cast<int>(std::min<std::uint64_t>(*last - *first + 1, 1 << 16));
        if (!list.starts_with(',')) break;
        list.remove_prefix(1);
    }
    return count;
}

Result<Host> read_host(const std::string& root) {
    const auto memory = read_meminfo(root);
    const int cores =
        count_of_list(value_behind(read_file(root + "/proc/self/status").value_or(""), "Cpus_allowed_list"));
    if (!memory || cores == 0)
        return unavailable(
            "cannot tell how many cores and how much memory there are: /proc/meminfo or /proc/self/status "
            "cannot be read; mount /proc");
    Host host;
    host.name = line_of(root + "/proc/sys/kernel/hostname");
    host.model = value_behind(read_file(root + "/proc/cpuinfo").value_or(""), "model name");
    const std::string id = line_of(root + "/etc/machine-id");
    host.machine = machine_of(id.empty() ? host.name : id, host.model);
    host.boot_id = line_of(root + "/proc/sys/kernel/random/boot_id");
    host.enclosure = read_enclosure(root);
    host.amounts.cpu = std::min(Cores{static_cast<double>(cores)}, host.enclosure.cpu.value_or(Cores{1e9}));
    host.amounts.memory = std::min(kibibytes(memory->total_kib), host.enclosure.memory.value_or(Bytes{INT64_MAX}));
    const char* visible = ::getenv("CUDA_VISIBLE_DEVICES");
    host.gpus = read_gpus(root, visible ? std::optional<std::string_view>(visible) : std::nullopt);
    host.amounts.gpu = static_cast<double>(host.gpus.size());
    return host;
}

std::optional<MemoryState> read_memory(const Host& host, const std::string& root) {
    const auto info = read_meminfo(root);
    if (!info) return std::nullopt;
    MemoryState state{.total = host.amounts.memory, .available = kibibytes(info->available_kib)};
    if (host.enclosure.memory) {
        const Bytes used = used_within(host.enclosure).value_or(Bytes{});
        state.available = std::min(state.available, std::max(Bytes{}, *host.enclosure.memory - used));
    }
    state.available = std::min(state.available, state.total);
    return state;
}

}  // namespace plimsoll::machine
