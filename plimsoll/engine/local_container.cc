// SPDX-License-Identifier: Apache-2.0
// Attempts in containers: what makes the container is started in a group of its own, and what it leaves is removed.
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "plimsoll/base/probe.h"
#include "plimsoll/engine/local_engine.h"
#include "plimsoll/engine/open_for_child.h"
#include "plimsoll/machine/cgroup_file.h"
#include "plimsoll/machine/sweep.h"

namespace plimsoll::engine {
namespace {

using machine::maker_suffix;

std::string number_of(AttemptId attempt) { return std::to_string(attempt.task) + "." + std::to_string(attempt.number); }

/// Ours, which a command would have without a container.
unsigned own_umask() {
    const auto status = read_file("/proc/self/status");
    constexpr std::string_view key = "Umask:\t";
    const std::size_t at = status ? status->find(key) : std::string::npos;
    unsigned mask = 022;
    if (at != std::string::npos)
        std::from_chars(status->data() + at + key.size(), status->data() + status->size(), mask, 8);
    return mask;
}

/// podman lowers what it may itself have to the kernel's number of pids, and cannot give more than that.
rlimit own_processes() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NPROC, &limit);
    const rlim_t pids = machine::number_in("/proc/sys/kernel/pid_max").value_or(limit.rlim_max);
    return {.rlim_cur = std::min(limit.rlim_cur, pids), .rlim_max = std::min(limit.rlim_max, pids)};
}

// What podman and docker exit with where the container could not be made, whatever is in it.
constexpr int not_made = 125;

}  // namespace

/// What all containers of the run need, made for the first of them.
Result<void> LocalEngine::open_containers(const Launch& launch) {
    if (!options_.containers)
        return Error{ErrorKind::not_found, "nothing here runs containers; install podman, or take 'container' away"};
    if (!containers_folder_.empty()) return {};
    const std::string folder = launch.log.substr(0, launch.log.rfind('/')) + "/.containers";
    PLIM_TRY(make_folders(folder));
    if (!run_group_.empty()) PLIM_TRY(replace_file(folder + "/group.json", group_hook(tree_.all_hierarchies())));
    containers_folder_ = folder;
    return {};
}

ContainerPlace LocalEngine::container_place(const Launch& launch, const Running& attempt) const {
    ContainerPlace place{.name = machine::container_name(options_.run, number_of(launch.attempt), owner_),
                         .group = attempt.group,
                         .hooks_folder = {},
                         .parent_group = {},
                         .pid_file = pid_file_of(launch.attempt),
                         .user = ::geteuid(),
                         .user_group = ::getegid(),
                         .umask = own_umask(),
                         .has_message_queues = ::access("/dev/mqueue", F_OK) == 0,
                         .open_files = descriptors_of_children(),
                         .processes = own_processes()};
    if (attempt.group.empty()) return place;
    place.hooks_folder = containers_folder_;
    const std::string& hierarchy = tree_.is_memory_v1() || tree_.unified.empty() ? tree_.memory : tree_.unified;
    if (options_.containers->tool == machine::ContainerTool::docker)
        place.group = machine::path_in_mount(hierarchy) + "/" + attempt.group;
    // In v1 a runtime takes a relative path for one beneath its own group, wherever that is in each hierarchy.
    place.parent_group = tree_.kind == machine::CgroupKind::v2 ? machine::path_in_mount(hierarchy) + "/" + attempt.maker
                                                               : std::string("runtime");
    return place;
}

std::string LocalEngine::pid_file_of(AttemptId attempt) const {
    return containers_folder_ + "/" + number_of(attempt) + ".pid";
}

Result<Spawned> LocalEngine::spawn_in_container(const Launch& launch, const std::vector<Variable>& secrets,
                                                Running& attempt, int log) {
    const machine::ContainerEngine& engine = *options_.containers;
    Home home{.group = {}, .hierarchies = {}, .workdir = launch.workdir};
    if (!attempt.group.empty()) {
        attempt.maker = home.group = attempt.group + std::string(maker_suffix);
        home.hierarchies = tree_.all_hierarchies();
        PLIM_TRY(machine::make_cgroup_everywhere(tree_, home.group));
    }
    const ContainerPlace place = container_place(launch, attempt);
    attempt.container = place.name;
    const std::vector<Variable> marks = machine::variables(attempt.mark);
    ContainerVariables variables{.plain = launch.env, .secrets = secrets};
    variables.plain.insert(variables.plain.end(), marks.begin(), marks.end());
    const ContainerCall made = PLIM_TRY(container_call(engine, launch, variables, place));
    const Environment::Block environment = environment_.with(made.env, marks);
    Spawned spawned;
    SpawnFailure failure;
    if (spawn_call(made.call, home, environment, log, spawned, failure)) return spawned;
    return explain(failure, launch, made.call);
}

/// Ends what makes the container and what watches it, and has the container removed: its end was not a good one, or
/// is not to be waited for.
void LocalEngine::end_maker(const Running& attempt) {
    Home home{.group = {}, .hierarchies = {}, .workdir = "/"};
    if (!attempt.maker.empty()) {
        machine::kill_cgroup(tree_, attempt.maker);
        // Not the maker's: a process that is born into a group which was killed before dies with it (Linux 6.18).
        home.group = run_group_ + "/removal";
        if (machine::make_cgroup_everywhere(tree_, home.group)) home.hierarchies = tree_.all_hierarchies();
    }
    const auto output = open_for_child("/dev/null", O_WRONLY);
    Spawned spawned;
    SpawnFailure failure;
    if (output && spawn_call(removal_call(*options_.containers, attempt.container), home, environment_.with({}, {}),
                             output->fd(), spawned, failure)) {
        removers_.insert(spawned.pid);
        return;
    }
    notice("the container " + attempt.container +
           " could not be removed: " + (output ? std::strerror(failure.error_number) : output.error().message) +
           "; remove it with:  " + options_.containers->program + " rm --force " + attempt.container);
}

/// Of a container the engine's own process tells neither CPU time nor memory, and its end may not be the container's.
void LocalEngine::settle_maker(const Running& attempt, const siginfo_t& info, Ended& result) {
    result.cpu = {};
    result.memory_high_water = result.memory_at_most = result.read_bytes = result.write_bytes = {};
    const bool was_killed = info.si_code != CLD_EXITED;
    if (!was_killed && info.si_status != not_made) return;
    PLIM_PROBE("a container's maker did not end as it should");
    if (!was_killed && result.outcome.detail.empty()) result.outcome.detail = "no container was made; the log says why";
    end_maker(attempt);
}

/// Are groups left in which containers are still being cleaned away?
bool LocalEngine::has_makers() const {
    return std::ranges::any_of(ended_groups_, [](const std::string& group) { return group.ends_with(maker_suffix); });
}

void LocalEngine::close_containers() {
    std::error_code ignored;
    if (!containers_folder_.empty()) std::filesystem::remove_all(containers_folder_, ignored);
}

}  // namespace plimsoll::engine
