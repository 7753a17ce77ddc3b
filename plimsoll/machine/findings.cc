// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/findings.h"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "plimsoll/machine/proc_numbers.h"

namespace plimsoll::machine {
namespace {

// Waiting for a process by descriptor; what starts and ends tasks rests on it.
constexpr int least_major = 5, least_minor = 3;
// A running task takes some ten descriptors here.
constexpr std::uint64_t few_files = 4096;
constexpr std::uint64_t few_processes = 1024;
constexpr Bytes little_disk{std::int64_t{1} << 30};

std::string sudo(const Survey& survey) { return survey.asker.uid == 0 ? "" : "sudo "; }

Finding kernel(const Survey& survey) {
    const std::string name = survey.system.empty() ? "Linux" : survey.system + ", Linux";
    if (is_kernel_at_least(survey.kernel, least_major, least_minor))
        return {.subject = "system", .text = fmt::format("{} {}", name, survey.kernel)};
    return {.subject = "system",
            .standing = Standing::missing,
            .text = fmt::format("{} {}: Plimsoll needs Linux {}.{} or newer", name, survey.kernel, least_major,
                                least_minor),
            .remedies = {"install a newer kernel and start the machine anew"}};
}

Finding processors(const Survey& survey) {
    std::string text =
        fmt::format("{} {}", format(survey.host.amounts.cpu), survey.host.amounts.cpu == Cores{1} ? "core" : "cores");
    if (!survey.host.model.empty()) text += " of " + survey.host.model;
    if (survey.host.enclosure.cpu)
        text += fmt::format("; a group around us allows {}", format(*survey.host.enclosure.cpu));
    return {.subject = "processors", .text = text};
}

Finding memory(const Survey& survey) {
    std::string text = format(survey.host.amounts.memory);
    if (survey.memory) text += fmt::format(", {} of it available now", format(survey.memory->available));
    if (survey.host.enclosure.memory)
        text += fmt::format("; a group around us allows {}", format(*survey.host.enclosure.memory));
    if (survey.swap > Bytes{}) text += fmt::format("; {} of swap, never counted on", format(survey.swap));
    return {.subject = "memory", .text = text};
}

Finding pressure(const Survey& survey) {
    if (survey.pressure == Pressure::told)
        return {.subject = "pressure", .text = "told: how long tasks wait for memory, CPU and disks"};
    if (survey.pressure == Pressure::off)
        return {.subject = "pressure",
                .standing = Standing::degraded,
                .text = "switched off: how long tasks wait for memory, CPU and disks is not measured",
                .remedies = {"add psi=1 to the kernel's command line and start the machine anew"}};
    return {.subject = "pressure",
            .standing = Standing::note,
            .text = "this kernel does not tell how long tasks wait for memory, CPU and disks"};
}

Finding limits(const Survey& survey) {
    Finding found{.subject = "limits", .text = "enough open files and processes"};
    const bool few = survey.open_files != 0 && survey.open_files < few_files;
    const bool few_tasks = survey.processes != 0 && survey.processes < few_processes;
    if (!few && !few_tasks) return found;
    found.standing = Standing::degraded;
    found.text = few ? fmt::format("{} open files: some {} tasks at a time", survey.open_files, survey.open_files / 12)
                     : fmt::format("{} processes for this user, those of tasks included", survey.processes);
    found.remedies = {
        fmt::format("{}prlimit --pid $$ {}", sudo(survey), few ? "--nofile=65536:65536" : "--nproc=65536:65536")};
    return found;
}

Finding gpus(const Survey& survey) {
    if (survey.gpus.empty()) return {.subject = "GPUs", .text = "none"};
    std::map<std::string, int> counts;
    for (const std::string& gpu : survey.gpus) ++counts[gpu];
    std::string text;
    for (const auto& [name, count] : counts) text += fmt::format("{}{} x {}", text.empty() ? "" : ", ", count, name);
    const std::size_t ours = survey.host.gpus.size();
    if (ours == 0)
        return {.subject = "GPUs",
                .standing = Standing::note,
                .text = text +
                        "; not reserved: only those that NVIDIA's driver shows, and CUDA_VISIBLE_DEVICES lets us "
                        "use, are given to tasks"};
    return {.subject = "GPUs",
            .text = fmt::format("{}; {} given to tasks that ask for them (request: gpu), what they use is not measured",
                                text, ours == survey.gpus.size() ? "all" : fmt::format("{} of them", ours))};
}

Finding sharing(const Survey& survey) {
    if (survey.ledger_is_shared)
        return {.subject = "sharing", .text = fmt::format("runs of all users agree through {}", survey.ledger)};
    return {.subject = "sharing",
            .standing = Standing::degraded,
            .text = fmt::format("{} cannot be written: runs on this machine do not know of each other", survey.ledger),
            .remedies = {fmt::format("{}chmod 666 {}", sudo(survey), survey.ledger),
                         "export PLIMSOLL_LEDGER=$HOME/.plimsoll-ledger"}};
}

Finding folder(const FolderSurvey& folder) {
    const std::string type = folder.type.empty() ? "" : fmt::format(" ({})", folder.type);
    Finding found{
        .subject = folder.what,
        .text = fmt::format("{}{}: {} of {} free", folder.path, type, format(folder.free), format(folder.size))};
    if (!folder.is_writable) {
        found.standing = Standing::degraded;
        found.text =
            fmt::format("{}{} cannot be written: runs are not recorded and nothing is learned", folder.path, type);
        found.remedies = {"plimsoll run FILE --history ANOTHER/history.db"};
    } else if (folder.is_network) {
        found.standing = Standing::note;
        found.text += "; on a network, which is slower and only as safe as its locks are";
        found.remedies = {"plimsoll run FILE --history /var/tmp/$USER/history.db"};
    } else if (folder.free < little_disk) {
        found.standing = Standing::degraded;
        found.text += ": a run that fills it stops";
        found.remedies = {"plimsoll history forget --keep-size 100M"};
    }
    return found;
}

}  // namespace

std::string_view name_of(Standing standing) {
    constexpr std::string_view names[] = {"ok", "note", "degraded", "missing"};
    return names[static_cast<int>(standing)];
}

bool is_kernel_at_least(std::string_view release, int major, int minor) {
    const auto first = take_number(release);
    if (!first || !release.starts_with('.')) return false;
    release.remove_prefix(1);
    const auto second = take_number(release);
    if (!second) return false;
    return std::pair(static_cast<int>(*first), static_cast<int>(*second)) >= std::pair(major, minor);
}

std::vector<Finding> findings(const Survey& survey) {
    std::vector<Finding> all = {kernel(survey),   processors(survey), memory(survey),  group_finding(survey),
                                pressure(survey), limits(survey),     sharing(survey), gpus(survey)};
    for (const FolderSurvey& each : survey.folders) all.push_back(folder(each));
    return all;
}

}  // namespace plimsoll::machine
