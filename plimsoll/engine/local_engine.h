// SPDX-License-Identifier: Apache-2.0
// LocalEngine: commands on this machine, each in a session and, where possible, a cgroup of its own.
//
// One thread, one epoll: a pidfd per attempt, a timer, and whatever else the owner wants to be woken by.
// An attempt ends when its main process does; what that leaves behind (background jobs, daemons) is killed
// before the end is told. Without cgroups the session, the marks in the environment and being the
// sub-reaper serve instead; there is then no hard limit on memory.
//
// Of an attempt in a container the main process is podman's (or docker's), the maker. It stands in a group of its own
// ("12.1-maker"), without limits and unmeasured; the container's processes are in the attempt's group like any other's.
#pragma once

#include <signal.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "plimsoll/base/clock.h"
#include "plimsoll/base/file.h"
#include "plimsoll/engine/container_call.h"
#include "plimsoll/engine/engine.h"
#include "plimsoll/engine/environment.h"
#include "plimsoll/engine/program_call.h"
#include "plimsoll/engine/spawn.h"
#include "plimsoll/machine/attempt_processes.h"
#include "plimsoll/machine/cgroup.h"
#include "plimsoll/machine/container_engine.h"
#include "plimsoll/model/run.h"

namespace plimsoll::engine {

/// The one command that shares this process's terminal, instead of commands with a session and a log of their own.
struct Foreground {
    std::vector<std::string> words;  ///< run exactly so, in place of Launch::command
    sigset_t mask;                   ///< of signals, as this process was started with
};

struct LocalOptions {
    RunId run;
    Resources capacity;  ///< of the one node
    bool use_cgroups = true;
    std::optional<machine::CgroupTree> cgroups = {};  ///< in place of those that are found
    std::vector<std::string> secrets = {};            ///< variables that only those attempts are given that name them
    std::optional<Foreground> foreground = {};        ///< what is started has the terminal; see SpawnRequest
    std::vector<std::string> gpus = {};  ///< as CUDA_VISIBLE_DEVICES calls them, by number; see machine::Gpu
    std::optional<machine::ContainerEngine> containers = {};  ///< what runs those that name an image; none: they cannot
};

class LocalEngine final : public Engine {
public:
    /// Becomes the sub-reaper of this process, and reaps each of its children: nobody else in the process
    /// may wait for one. The thread that starts attempts must live as long as they do (they die with it).
    static Result<std::unique_ptr<LocalEngine>> open(LocalOptions options, const Clock& clock);
    /// Kills what still runs and removes its groups; waits for that two seconds at the most.
    ~LocalEngine() override;
    LocalEngine(const LocalEngine&) = delete;
    LocalEngine& operator=(const LocalEngine&) = delete;

    std::vector<Node> nodes() const override;
    Result<Placement> start(const Launch& launch) override;
    void stop(AttemptId attempt, StopHow how) override;
    /// An ended attempt's group can still be read until the next call.
    std::vector<Ended> wait(Instant until) override;

    /// From here on wait() also returns when this descriptor is readable. It stays the caller's.
    Result<void> watch(int fd);
    /// The hierarchies in which Placement::group names a group; of kind none when groups are not used.
    const machine::CgroupTree& cgroups() const { return tree_; }
    /// What this machine cannot do, one sentence for each thing, each told once.
    std::vector<std::string> take_notices();
    /// How the main process of the last attempt ended, as a shell tells it: its exit code, 128 + the signal, 127 where
    /// there was no such program, 126 where it could not be run. Whatever else its Outcome says.
    int last_exit_code() const { return last_exit_code_; }

private:
    struct Running {
        AttemptId id;
        machine::AttemptMark mark;
        Spawned process;
        std::string group;           ///< "" without
        std::string maker;           ///< the group of what makes the container; "" without
        std::string container = {};  ///< its name; "" for a plain command
        std::string log;
        Fd secret_log;                     ///< of an attempt with secrets: what it prints, until it is masked
        std::vector<std::string> secrets;  ///< their values
        Instant started{};
        std::uint64_t oom_kills_before = 0;  ///< on the whole machine, lately; read without groups only
        bool is_stopped = false;             ///< by our stop()
    };
    /// The main process has ended; what it left is being killed.
    struct Draining {
        Running attempt;
        Ended ended;
        Instant next_look{};
        Duration pause{};
        Instant give_up{};
    };

    /// Which kind of descriptor is ready. Which attempt has ended, reap() finds out.
    enum Wake : std::uint64_t { timer_wake, attempt_wake, watched_wake };

    LocalEngine(LocalOptions options, const Clock& clock, Spawner spawner);
    Result<void> open_descriptors();
    Result<void> wake_by(int fd, Wake wake);
    void open_groups();
    Result<void> try_groups();
    std::uint64_t read_oom_kills();
    std::uint64_t recent_oom_kills();
    std::string make_group(const Launch& launch);
    std::vector<Variable> gpu_variables(const Launch& launch) const;
    Result<Spawned> spawn(const Launch& launch, const std::vector<Variable>& secrets, const machine::AttemptMark& mark,
                          const std::string& group, int log);
    Placement enlist(Running running, const Launch& launch);
    Bytes keep_log(const Running& attempt);
    Result<ProgramCall> call_of(const Launch& launch, const CommandPlace& place);
    Result<Fd> log_for(const Launch& launch, bool has_secrets) const;
    /// Where a program begins: its group in these hierarchies, and its folder.
    struct Home {
        std::string group;
        std::vector<std::string> hierarchies;
        std::string workdir;
    };
    Home home_of(const Launch& launch, const std::string& group) const;
    bool spawn_call(const ProgramCall& call, const Home& home, const Environment::Block& environment, int log,
                    Spawned& spawned, SpawnFailure& failure);
    Error explain(const SpawnFailure& failure, const Launch& launch, const ProgramCall& call);

    // Attempts in containers: local_container.cc.
    Result<void> open_containers(const Launch& launch);
    Result<Spawned> spawn_in_container(const Launch& launch, const std::vector<Variable>& secrets, Running& attempt,
                                       int log);
    ContainerPlace container_place(const Launch& launch, const Running& attempt) const;
    std::string pid_file_of(AttemptId attempt) const;
    void end_maker(const Running& attempt);
    void settle_maker(const Running& attempt, const siginfo_t& info, Ended& result);
    bool has_makers() const;
    void close_containers();

    void reap(std::vector<Ended>& ended);
    bool main_ended(int pid, std::vector<Ended>& ended);
    bool is_out_of_memory(const Running& attempt, const siginfo_t& info);
    void signal_rest(const Running& attempt, int signal) const;
    bool kill_rest(const Running& attempt) const;
    bool has_no_strays() const;
    void finish(Running attempt, Ended result, std::vector<Ended>& ended);
    void drain(std::vector<Ended>& ended);
    void remove_ended_groups();
    bool wait_for_event(Instant until);
    void notice(std::string text);

    LocalOptions options_;
    const Clock& clock_;
    Spawner spawner_;
    Environment environment_;
    Programs programs_;
    std::string owner_;
    machine::CgroupTree tree_;
    std::string run_group_;
    Fd epoll_;
    Fd timer_;
    Fd null_;
    Instant timer_at_{};
    std::unordered_map<int, Running> running_;  ///< by pid
    std::map<AttemptId, int> pids_;
    std::vector<Draining> draining_;
    std::vector<std::string> ended_groups_;
    std::string containers_folder_;     ///< "" before the first container: the hook that moves them, and their pids
    std::unordered_set<int> removers_;  ///< pids of the programs that remove containers
    std::uint64_t oom_kills_ = 0;
    Instant oom_kills_read_{};
    int last_exit_code_ = 0;
    std::map<std::string, bool> notices_;  ///< the text, and whether it has been taken
};

}  // namespace plimsoll::engine
