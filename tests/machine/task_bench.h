// SPDX-License-Identifier: Apache-2.0
// A local engine with a folder of its own, for tests on the real machine.
#pragma once

#include <doctest/doctest.h>
#include <stdlib.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "plimsoll/base/file.h"
#include "plimsoll/base/random.h"
#include "plimsoll/engine/local_engine.h"
#include "plimsoll/machine/process.h"

namespace plimsoll {

struct TaskBench {
    MachineClock clock;
    std::string run_id = "test-" + random_hex(6);
    std::string folder;
    std::unique_ptr<engine::LocalEngine> engine;

    explicit TaskBench(bool use_cgroups = true, std::optional<machine::CgroupTree> cgroups = {}) {
        std::string name = (std::filesystem::temp_directory_path() / "plimsoll-bench-XXXXXX").string();
        folder = ::mkdtemp(name.data());
        engine = engine::LocalEngine::open(
                     {.run = run_id, .capacity = {}, .use_cgroups = use_cgroups, .cgroups = std::move(cgroups)}, clock)
                     .value();
    }
    TaskBench(const TaskBench&) = delete;
    TaskBench& operator=(const TaskBench&) = delete;
    ~TaskBench() {
        engine.reset();
        std::filesystem::remove_all(folder);
    }

    bool has_memory_limits() const { return !engine->cgroups().memory.empty(); }
    engine::Launch launch(const std::string& command, Bytes memory = {}) const {
        return {.attempt = {.task = 1, .number = 1},
                .task_name = "t",
                .command = command,
                .shell = {},
                .workdir = folder,
                .env = {},
                .log = folder + "/logs/t",
                .reserved = {.memory = memory},
                .limits = {.memory = memory}};
    }
    engine::Ended run(const engine::Launch& launch) {
        if (auto started = engine->start(launch); !started)
            return {.outcome = {.ending = Ending::not_started, .detail = started.error().message}};
        const auto ended = engine->wait(clock.now() + std::chrono::seconds(20));
        return ended.empty() ? engine::Ended{.outcome = {.ending = Ending::lost, .detail = "no end in time"}}
                             : ended.front();
    }
    std::string log() const { return read_file(folder + "/logs/t").value_or(""); }
    std::vector<std::string> groups_of_run() const {
        std::vector<std::string> found;
        for (const std::string& hierarchy : engine->cgroups().hierarchies())
            for (const std::string& name : machine::subgroups(hierarchy, std::string(machine::cgroup_top)))
                if (name.starts_with(run_id))
                    for (std::string& group :
                         machine::subgroups(hierarchy, std::string(machine::cgroup_top) + "/" + name))
                        found.push_back(std::move(group));
        return found;
    }
};

/// Living processes that are "sleep SECONDS": choose a number that nobody else has.
inline int count_sleeps(const std::string& seconds) {
    int count = 0;
    using namespace std::string_literals;
    const std::string wanted = "sleep\0"s + seconds + "\0"s;
    for (const machine::ProcessStat& each : machine::all_processes()) {
        const auto line = read_file("/proc/" + std::to_string(each.pid) + "/cmdline");
        count += each.state != 'Z' && line && *line == wanted;
    }
    return count;
}

}  // namespace plimsoll
