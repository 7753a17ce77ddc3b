// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/engine/container_call.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace plimsoll::engine {
namespace {

using machine::ContainerTool;

using Words = std::vector<std::string>;

void add(Words& words, std::initializer_list<std::string> more) { words.insert(words.end(), more); }

/// "-v" has no way to spell a colon, "--mount" none that both engines read to spell a comma.
Result<Words> spelt(const Mount& mount) {
    if (mount.path.find(':') == std::string::npos)
        return Words{"--volume", fmt::format("{0}:{0}{1}", mount.path, mount.read_only ? ":ro" : "")};
    if (mount.path.find_first_of(",\"") == std::string::npos)
        return Words{"--mount", fmt::format("type=bind,source={0},destination={0}{1}", mount.path,
                                            mount.read_only ? ",readonly=true" : "")};
    return invalid("a container cannot see " + mount.path + ", whose name holds both a colon and a comma; rename it");
}

/// -1 is no limit.
std::string spelt(std::string_view name, const rlimit& limit) {
    return fmt::format("{}={}:{}", name, static_cast<std::int64_t>(limit.rlim_cur),
                       static_cast<std::int64_t>(limit.rlim_max));
}

/// The engine's own words, before its subcommand.
Words global_words(const machine::ContainerEngine& engine, const ContainerPlace& place) {
    Words words;
    if (engine.tool == ContainerTool::docker) return words;
    if (!place.group.empty()) add(words, {"--cgroup-manager", "cgroupfs"});
    if (!engine.runtime.empty()) add(words, {"--runtime", engine.runtime});
    if (!place.hooks_folder.empty()) add(words, {"--hooks-dir", place.hooks_folder});
    return words;
}

/// Standard output and error pass straight to the log, limits on open files and the like are those that we have.
Words podman_words(const machine::ContainerEngine& engine, const ContainerPlace& place) {
    Words words{"--log-driver", "passthrough", "--umask", fmt::format("{:04o}", place.umask)};
    add(words, {"--ulimit", spelt("nofile", place.open_files), "--ulimit", spelt("nproc", place.processes)});
    if (!engine.makes_groups) add(words, {"--cgroups", "disabled"});
    else if (!place.group.empty())
        add(words, {"--cgroups", "no-conmon", "--cgroup-parent", place.parent_group, "--cgroupns", "host"});
    if (!place.group.empty()) add(words, {"--annotation", "plimsoll.group=" + place.group});
    add(words, {"--pidfile", place.pid_file});
    return words;
}

Words docker_words(const ContainerPlace& place) {
    return {"--log-driver", "none", "--cgroup-parent", place.group, "--cgroupns", "host"};
}

bool has_name(const std::vector<Variable>& variables, const std::string& name) {
    return std::ranges::any_of(variables, [&](const Variable& each) { return each.first == name; });
}

/// The words that hand the variables on, and in `env` those whose values are not among them.
Words given_variables(const ContainerVariables& variables, std::vector<Variable>& env) {
    Words words;
    for (const auto& [name, value] : variables.plain) {
        const bool in_call = keeps_to_itself(name);
        add(words, {"--env", in_call ? name + "=" + value : name});
        if (!in_call) env.emplace_back(name, value);
    }
    for (const Variable& secret : variables.secrets) {
        if (has_name(variables.plain, secret.first)) continue;
        add(words, {"--env", secret.first});
        env.push_back(secret);
    }
    return words;
}

}  // namespace

bool keeps_to_itself(std::string_view variable) {
    constexpr std::string_view names[] = {"PATH",
                                          "HOME",
                                          "USER",
                                          "LOGNAME",
                                          "TMPDIR",
                                          "NOTIFY_SOCKET",
                                          "GOGC",
                                          "GODEBUG",
                                          "GOMAXPROCS",
                                          "GOMEMLIMIT",
                                          "GOTRACEBACK",
                                          "DBUS_SESSION_BUS_ADDRESS",
                                          "DOCKER_HOST",
                                          "DOCKER_CONFIG",
                                          "DOCKER_CONTEXT",
                                          "CONTAINER_HOST",
                                          "CONTAINERS_CONF",
                                          "CONTAINERS_STORAGE_CONF",
                                          "STORAGE_OPTS",
                                          "STORAGE_DRIVER",
                                          "CONMON",
                                          "REGISTRY_AUTH_FILE"};
    return std::ranges::find(names, variable) != std::end(names) || variable.starts_with("LD_") ||
           variable.starts_with("XDG_") || variable.starts_with("LISTEN_");
}

Result<ContainerCall> container_call(const machine::ContainerEngine& engine, const Launch& launch,
                                     const ContainerVariables& variables, const ContainerPlace& place) {
    ContainerCall made;
    Words words = global_words(engine, place);
    words.insert(words.begin(), engine.program);
    const char* const ipc = engine.is_rootless && !place.has_message_queues ? "private" : "host";
    add(words, {"run", "--rm", "--pull", "never", "--name", place.name, "--network", "host", "--pid", "host", "--ipc",
                ipc, "--security-opt", "label=disable", "--workdir", launch.workdir});
    const bool is_root = engine.is_rootless;
    add(words, {"--user", fmt::format("{}:{}", is_root ? 0 : place.user, is_root ? 0 : place.user_group)});
    const Words own = engine.tool == ContainerTool::podman ? podman_words(engine, place) : docker_words(place);
    words.insert(words.end(), own.begin(), own.end());
    const Words given = given_variables(variables, made.env);
    words.insert(words.end(), given.begin(), given.end());
    for (const Mount& mount : mounts_of(*launch.container, launch.workdir)) {
        const Words mounted = PLIM_TRY(spelt(mount));
        words.insert(words.end(), mounted.begin(), mounted.end());
    }
    // The image's own entry point would come before the command.
    const Words command = PLIM_TRY(command_words(launch.command, launch.shell));
    add(words, {"--entrypoint", command.front(), launch.container->image});
    words.insert(words.end(), command.begin() + 1, command.end());
    made.call = {.program = launch.before.empty() ? engine.program : "/bin/sh",
                 .words = words_after(launch.before, std::move(words))};
    return made;
}

ProgramCall removal_call(const machine::ContainerEngine& engine, const std::string& name) {
    Words words{engine.program, "rm", "--force"};
    if (engine.tool == ContainerTool::podman) add(words, {"--ignore", "--time", "0"});
    words.push_back(name);
    return {.program = engine.program, .words = std::move(words)};
}

}  // namespace plimsoll::engine
