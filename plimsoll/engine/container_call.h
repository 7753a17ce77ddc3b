// SPDX-License-Identifier: Apache-2.0
// From a command to the call of podman or docker that runs it in a container.
//
// A container brings its image's files and nothing else: user, processes, network, shared memory and the paths of
// what the task works on are those of a plain command, so that signals, measuring and what it leaves behind are too.
// Values of secrets are never in the call, where every user could read them, nor are those of other variables but for
// a few (`keeps_to_itself`).
#pragma once

#include <sys/resource.h>

#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/base/result.h"
#include "plimsoll/engine/engine.h"
#include "plimsoll/engine/environment.h"
#include "plimsoll/engine/program_call.h"
#include "plimsoll/machine/container_engine.h"

namespace plimsoll::engine {

/// A path of the machine, seen by the container under the same name.
struct Mount {
    std::string path;
    bool read_only = false;
    bool operator==(const Mount&) const = default;
};

/// What the container sees, those above first: the workflow's folder, the working folder and the folders of outputs to
/// be written, inputs to be read. An input that holds an output, and inputs by the thousand, are as their folder is.
std::vector<Mount> mounts_of(const InContainer& container, const std::string& workdir);

/// Where the container is put, and who it is there.
struct ContainerPlace {
    std::string name;
    std::string group;         ///< podman: the cgroup that the hook moves it to; docker: the parent; "" for none
    std::string hooks_folder;  ///< podman: where the hook lies that moves it to `group`; "" for none
    std::string parent_group;  ///< podman: under which its runtime makes the container's own group, should it make one
    std::string pid_file;      ///< podman: where its process's number is to be written; "" nowhere
    unsigned user = 0;
    unsigned user_group = 0;
    unsigned umask = 022;
    bool has_message_queues =
        true;             ///< is there a /dev/mqueue? podman without root mounts it to share the machine's IPC
    rlimit open_files{};  ///< podman: what the command shall be limited to, of its own accord far more than we may set
    rlimit processes{};
};

/// The call, and what it finds in its environment.
struct ContainerCall {
    ProgramCall call;
    std::vector<Variable> env;  ///< the variables whose values are taken from there
};

/// What the command shall find in its environment; where both have a name, `plain` counts.
struct ContainerVariables {
    std::vector<Variable> plain;
    std::vector<Variable> secrets;
};

/// invalid: the shell is no plain command, or a path cannot be mounted.
Result<ContainerCall> container_call(const machine::ContainerEngine& engine, const Launch& launch,
                                     const ContainerVariables& variables, const ContainerPlace& place);

/// The call that removes a container whatever it does, and is content where it is gone.
ProgramCall removal_call(const machine::ContainerEngine& engine, const std::string& name);

/// An OCI hook, as JSON: it moves a container's first process, before its program begins, to the group that the
/// container's annotation names, in those of the hierarchies where that group stands.
std::string group_hook(const std::vector<std::string>& hierarchies);

/// Does the engine itself, or what it starts, read the variable? Then it is not set for it.
bool keeps_to_itself(std::string_view variable);

}  // namespace plimsoll::engine
