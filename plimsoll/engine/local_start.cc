// SPDX-License-Identifier: Apache-2.0
// The start of an attempt: its group, its log, its program.
#include <fcntl.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <utility>

#include "plimsoll/base/probe.h"
#include "plimsoll/engine/local_engine.h"
#include "plimsoll/engine/open_for_child.h"
#include "plimsoll/engine/secret_log.h"
#include "plimsoll/machine/cgroup_limits.h"
#include "plimsoll/machine/process.h"
#include "plimsoll/machine/sweep.h"

namespace plimsoll::engine {
namespace {

// As shells, env and nice tell a command that could not be run.
constexpr int code_not_run = 126;
constexpr int code_not_found = 127;

std::string folder_of_log(const std::string& path) { return path.substr(0, path.rfind('/')); }

Result<Fd> open_log(const std::string& path) {
    constexpr int flags = O_WRONLY | O_CREAT | O_TRUNC | O_APPEND;
    auto log = open_for_child(path, flags);
    if (log || log.error().kind != ErrorKind::not_found) return log;
    PLIM_TRY(make_folders(folder_of_log(path)));
    return open_for_child(path, flags);
}

std::vector<const char*> pointers(const std::vector<std::string>& words) {
    std::vector<const char*> all;
    for (const std::string& word : words) all.push_back(word.c_str());
    all.push_back(nullptr);
    return all;
}

CommandPlace place_of(const Launch& launch, const Environment& environment) {
    return {.path = environment.value("PATH", launch.env), .workdir = launch.workdir};
}

std::string_view name_of(SpawnStep step) {
    constexpr std::string_view names[] = {"find the task's group", "start a process", "enter the task's group",
                                          "change the folder",     "connect the log", "run the program"};
    return names[static_cast<int>(step)];
}

}  // namespace

/// Decides once whether tasks can have groups: by making one and having a child enter it, since who may
/// move whom depends on more than the files show. The child is asked to run a folder, and so never runs.
void LocalEngine::open_groups() {
    tree_ = options_.cgroups ? *options_.cgroups : machine::find_cgroups();
    if (tree_.kind == machine::CgroupKind::none) {
        notice(
            "no cgroups that this user may use: tasks have no hard memory limit, and are measured through /proc; "
            "`plimsoll doctor` tells what would help");
        return;
    }
    run_group_ = machine::run_group(options_.run, owner_);
    const Result<void> usable = try_groups();
    if (!usable) {
        (void)machine::remove_cgroup(tree_, run_group_);
        machine::remove_cgroup_if_empty(tree_, std::string(machine::cgroup_top));
        run_group_.clear();
        tree_ = {};
        notice("cgroups cannot be used (" + usable.error().message +
               "): tasks have no hard memory limit, and are measured through /proc");
        return;
    }
    if (tree_.memory.empty())
        notice("the memory controller is not handed down to this user's cgroup: tasks have no hard memory limit");
}

Result<void> LocalEngine::try_groups() {
    const std::string group = run_group_ + "/try";
    PLIM_TRY(machine::make_cgroup(tree_, group));
    const Environment::Block environment = environment_.with({}, {});
    const Home home{.group = group, .hierarchies = tree_.hierarchies(), .workdir = "/"};
    const ProgramCall folder{.program = "/", .words = {"/"}};
    Spawned spawned;
    SpawnFailure failure;
    const bool runs = spawn_call(folder, home, environment, null_.fd(), spawned, failure);
    (void)machine::remove_cgroup(tree_, group);
    if (!runs && failure.step == SpawnStep::exec) return {};
    return system_error(name_of(failure.step), failure.error_number);
}

/// The group of an attempt, with its limits; "" and a notice where it cannot be had.
std::string LocalEngine::make_group(const Launch& launch) {
    if (run_group_.empty()) return {};
    std::string group =
        run_group_ + "/" + std::to_string(launch.attempt.task) + "." + std::to_string(launch.attempt.number);
    // Its number is taken again before wait() has removed the group of the one before.
    if (std::erase(ended_groups_, group) > 0) (void)machine::remove_cgroup(tree_, group);
    Result<void> made = machine::make_cgroup_in_parent(tree_, group, launch.limits);
    if (!made) {
        PLIM_PROBE("the run's group had vanished");
        made = machine::make_cgroup(tree_, group, launch.limits);
    }
    if (!made) {
        notice("some tasks run without a cgroup: " + made.error().message);
        return {};
    }
    Limits held;
    if (auto limited = machine::write_cgroup_limits(tree_, group, launch.limits, held); !limited)
        notice("some tasks are not held to their limits: " + limited.error().message);
    return group;
}

LocalEngine::Home LocalEngine::home_of(const Launch& launch, const std::string& group) const {
    Home home{.group = group, .hierarchies = {}, .workdir = launch.workdir};
    if (!group.empty()) home.hierarchies = tree_.hierarchies(launch.limits);
    return home;
}

bool LocalEngine::spawn_call(const ProgramCall& call, const Home& home, const Environment::Block& environment, int log,
                             Spawned& spawned, SpawnFailure& failure) {
    const std::vector<const char*> words = pointers(call.words);
    SpawnRequest request{.program = call.program.c_str(),
                         .words = words.data(),
                         .environment = environment.entries.data(),
                         .workdir = home.workdir.c_str(),
                         .input = null_.fd(),
                         .output = log,
                         .foreground = options_.foreground ? &options_.foreground->mask : nullptr};
    std::vector<std::string> folders = home.hierarchies;
    std::size_t v1_count = 0;
    for (std::string& folder : folders) {
        const bool is_v2 = folder == tree_.unified;
        folder.append("/").append(home.group);
        if (is_v2) request.v2_group = folder.c_str();
        else if (v1_count < std::size(request.v1_tasks)) request.v1_tasks[v1_count++] = folder.append("/tasks").c_str();
    }
    return spawner_.spawn(request, spawned, failure);
}

Result<ProgramCall> LocalEngine::call_of(const Launch& launch, const CommandPlace& place) {
    if (options_.foreground) return programs_.call_exactly(options_.foreground->words, place);
    if (launch.before.empty()) return programs_.call(launch.command, launch.shell, place);
    std::vector<std::string> words = PLIM_TRY(command_words(launch.command, launch.shell));
    return programs_.call_exactly(words_after(launch.before, std::move(words)), place);
}

/// By which CUDA, and what stands on it, sees the devices that are the attempt's alone. One that has a share of a
/// device is held to it where NVIDIA's MPS runs; else it shares the time of it.
std::vector<Variable> LocalEngine::gpu_variables(const Launch& launch) const {
    if (launch.gpus.empty()) return {};
    std::string names;
    for (const int gpu : launch.gpus) {
        const auto at = static_cast<std::size_t>(gpu);
        names += (names.empty() ? "" : ",") + (at < options_.gpus.size() ? options_.gpus[at] : std::to_string(gpu));
    }
    std::vector<Variable> variables{{"CUDA_DEVICE_ORDER", "PCI_BUS_ID"},  // numbers are those of the bus
                                    {"CUDA_VISIBLE_DEVICES", names},
                                    {"NVIDIA_VISIBLE_DEVICES", names}};
    if (launch.gpu_share < 1) {
        const int percent = std::max(1, static_cast<int>(std::lround(100 * launch.gpu_share)));
        variables.emplace_back("CUDA_MPS_ACTIVE_THREAD_PERCENTAGE", std::to_string(percent));
    }
    return variables;
}

Result<Spawned> LocalEngine::spawn(const Launch& launch, const std::vector<Variable>& secrets,
                                   const machine::AttemptMark& mark, const std::string& group, int log) {
    const CommandPlace place = place_of(launch, environment_);
    std::vector<Variable> given = secrets;
    const std::vector<Variable> gpus = gpu_variables(launch);
    given.insert(given.end(), gpus.begin(), gpus.end());
    given.insert(given.end(), launch.env.begin(), launch.env.end());
    const Environment::Block environment = environment_.with(given, machine::variables(mark));
    const Home home = home_of(launch, group);
    ProgramCall call = PLIM_TRY(call_of(launch, place));
    Spawned spawned;
    SpawnFailure failure;
    if (spawn_call(call, home, environment, log, spawned, failure)) return spawned;
    const bool has_moved = failure.step == SpawnStep::exec && failure.error_number == ENOENT && call.is_looked_up;
    const bool is_script_without_shell = failure.step == SpawnStep::exec && failure.error_number == ENOEXEC;
    if (!has_moved && !is_script_without_shell) return explain(failure, launch, call);
    programs_.forget();
    call = is_script_without_shell ? PLIM_TRY(programs_.call_through_sh(launch.command, place))
                                   : PLIM_TRY(call_of(launch, place));
    if (spawn_call(call, home, environment, log, spawned, failure)) return spawned;
    return explain(failure, launch, call);
}

Error LocalEngine::explain(const SpawnFailure& failure, const Launch& launch, const ProgramCall& call) {
    if (failure.error_number != ENOENT) last_exit_code_ = code_not_run;
    const std::string reason = std::strerror(failure.error_number);
    // Of the program itself these say nothing: it is being written, or there is no room for one more process.
    const bool is_short = failure.error_number == ETXTBSY || failure.error_number == EAGAIN ||
                          failure.error_number == ENOMEM || failure.error_number == ENFILE;
    if (is_short) return {ErrorKind::refused, "cannot run " + call.program + ": " + reason};
    if (failure.step == SpawnStep::exec) return {ErrorKind::not_found, "cannot run " + call.program + ": " + reason};
    if (failure.step == SpawnStep::change_folder)
        return {ErrorKind::not_found, "cannot work in the folder " + launch.workdir + ": " + reason};
    return {ErrorKind::refused, "cannot " + std::string(name_of(failure.step)) + ": " + reason};
}

std::uint64_t LocalEngine::read_oom_kills() {
    oom_kills_read_ = clock_.now();
    return oom_kills_ = machine::oom_kills_since_boot();
}

/// The machine's count, read ten times a second at the most: it costs as much as a tenth of a start.
std::uint64_t LocalEngine::recent_oom_kills() {
    constexpr Duration fresh = std::chrono::milliseconds(100);
    const bool is_fresh = oom_kills_read_ != Instant{} && clock_.now() - oom_kills_read_ < fresh;
    return is_fresh ? oom_kills_ : read_oom_kills();
}

Result<Fd> LocalEngine::log_for(const Launch& launch, bool has_secrets) const {
    if (options_.foreground) return Fd();
    return has_secrets ? open_secret_log(folder_of_log(launch.log)) : open_log(launch.log);
}

Result<Placement> LocalEngine::start(const Launch& launch) {
    const machine::AttemptMark mark{.run = options_.run,
                                    .owner = owner_,
                                    .task_name = launch.task_name,
                                    .attempt = launch.attempt.number,
                                    .shares_session = options_.foreground.has_value()};
    if (launch.container) PLIM_TRY(open_containers(launch));
    const std::vector<Variable> secrets = environment_.secrets(launch.secrets);
    last_exit_code_ = code_not_found;
    Fd log = PLIM_TRY(log_for(launch, !secrets.empty()));
    Running running{.id = launch.attempt,
                    .mark = mark,
                    .process = {},
                    .group = make_group(launch),
                    .maker = {},
                    .log = launch.log,
                    .secret_log = {},
                    .secrets = {}};
    auto spawned = launch.container ? spawn_in_container(launch, secrets, running, log.fd())
                                    : spawn(launch, secrets, mark, running.group, log.fd());
    if (!spawned) {
        for (std::string* group : {&running.group, &running.maker})
            if (!group->empty()) ended_groups_.push_back(std::move(*group));
        if (!options_.foreground) ::unlink(launch.log.c_str());
        return std::move(spawned).error();
    }
    running.process = *std::move(spawned);
    running.started = clock_.now();
    if (running.group.empty()) running.oom_kills_before = recent_oom_kills();
    if (!secrets.empty()) running.secret_log = std::move(log);
    for (const auto& [name, value] : secrets) running.secrets.push_back(value);
    return enlist(std::move(running), launch);
}

Placement LocalEngine::enlist(Running running, const Launch& launch) {
    const int pid = running.process.pid;
    if (auto watched = wake_by(running.process.pidfd.fd(), attempt_wake); !watched)
        notice("the ends of some tasks are noticed late: " + watched.error().message);
    Placement placement{.node = launch.node, .pid = pid, .group = running.group};
    if (launch.container) placement.pid_file = pid_file_of(launch.attempt);
    pids_[launch.attempt] = pid;
    running_.emplace(pid, std::move(running));
    return placement;
}

}  // namespace plimsoll::engine
