// SPDX-License-Identifier: Apache-2.0
// What runs containers here: podman or docker, how it is to be called on this machine, and which images it has.
//
// Asked before there are tasks; what the answers make of a command line is `engine/container_call.h`. A container's
// name ends in its owner's mark, so that a later Plimsoll finds those whose owner was killed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "plimsoll/base/result.h"
#include "plimsoll/machine/cgroup.h"

namespace plimsoll::machine {

enum class ContainerTool { podman, docker };

struct ContainerEngine {
    ContainerTool tool = ContainerTool::podman;
    std::string program;       ///< absolute path
    bool is_rootless = false;  ///< who is root within is this user without
    bool makes_groups = true;  ///< a group of its own for each container; else the container stays in that of its maker
    std::string runtime = {};  ///< podman: the one to name; "": its own choice
    bool operator==(const ContainerEngine&) const = default;
};

/// The engine that `wanted` names (a program or its path), or podman, or docker, as found on `path`, which is written
/// as PATH is. unavailable: there is none, or it does not work; the error says what to do.
Result<ContainerEngine> find_container_engine(std::string_view wanted, std::string_view path, CgroupKind groups);

/// What the name stands for on this machine: the image's id. Nothing where there is no such image yet.
Result<std::optional<std::string>> image_identity(const ContainerEngine& engine, const std::string& image);
/// Fetches it from its registry; waits for that.
Result<void> pull_image(const ContainerEngine& engine, const std::string& image);

/// "plimsoll_RUN_12.1_OWNER"
std::string container_name(std::string_view run, std::string_view attempt, std::string_view owner_mark);
/// Removes the containers whose owners have died; gives how many.
Result<int> remove_dead_containers(const ContainerEngine& engine);

}  // namespace plimsoll::machine
