// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/container_engine.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "plimsoll/base/text.h"
#include "plimsoll/machine/process.h"
#include "plimsoll/machine/program_output.h"

namespace plimsoll::machine {
namespace {

constexpr std::string_view name_begins = "plimsoll_";
constexpr std::string_view choose = "choose another with --container-engine or PLIMSOLL_CONTAINER_ENGINE";

bool is_program(const std::string& path) {
    struct stat found{};
    return ::stat(path.c_str(), &found) == 0 && S_ISREG(found.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

/// "" when there is none.
std::string program_on(std::string_view path, std::string_view name) {
    if (name.find('/') != std::string_view::npos) return is_program(std::string(name)) ? std::string(name) : "";
    for (const std::string_view folder : split(path, ':'))
        if (std::string candidate = std::string(folder).append("/").append(name);
            folder.starts_with('/') && is_program(candidate))
            return candidate;
    return {};
}

/// What the program says, where it says it with success.
Result<std::string> answer(const std::vector<std::string>& words) {
    ProgramOutput output = PLIM_TRY(program_output(words));
    if (output.code == 0) return std::move(output.out);
    const std::string why = output.err.empty() ? "exit code " + std::to_string(output.code) : output.err;
    return unavailable(words.front() + " " + words[1] + ": " + why);
}

/// Debian's podman-docker calls podman "docker": the name says nothing, the version does.
Result<ContainerTool> tool_of(const std::string& program) {
    const std::string version = PLIM_TRY(answer({program, "--version"}));
    if (version.starts_with("podman")) return ContainerTool::podman;
    if (version.starts_with("Docker")) return ContainerTool::docker;
    return unavailable(program + " is neither podman nor docker: it calls itself '" + version + "'; " +
                       std::string(choose));
}

Result<ContainerEngine> podman_at(std::string program, std::string_view path, CgroupKind groups) {
    const std::string info =
        PLIM_TRY(answer({program, "info", "--format", "{{.Host.Security.Rootless}} {{.Host.OCIRuntime.Name}}"}));
    ContainerEngine engine{.tool = ContainerTool::podman, .program = std::move(program)};
    engine.is_rootless = info.starts_with("true");
    const bool is_crun = info.ends_with(" crun");
    if (!is_crun) return engine;
    if (groups != CgroupKind::hybrid) {
        engine.makes_groups = false;  // podman lets crun do without, no other
        return engine;
    }
    // Known: crun 1.8 refuses to run beside v1 controllers where a v2 tree is mounted, too.
    const std::string with_system = std::string(path) + ":/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin";
    if (program_on(with_system, "runc").empty())
        return unavailable(
            "podman's runtime here is crun, which cannot run beside this machine's cgroups (v1 with a v2 "
            "tree); install runc:  apt-get install runc");
    engine.runtime = "runc";
    return engine;
}

Result<ContainerEngine> docker_at(std::string program, CgroupKind groups) {
    const std::string info = PLIM_TRY(answer({program, "info", "--format", "{{.CgroupDriver}} {{.SecurityOptions}}"}));
    if (!info.starts_with("cgroupfs") || groups == CgroupKind::none)
        return unavailable(
            "docker would keep its containers out of Plimsoll's cgroups, where they are neither measured "
            "nor held to anything; install podman, or give dockerd --exec-opt "
            "native.cgroupdriver=cgroupfs and run as root");
    return ContainerEngine{.tool = ContainerTool::docker,
                           .program = std::move(program),
                           .is_rootless = info.find("rootless") != std::string::npos};
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (const std::string_view line : split(text, '\n'))
        if (!line.empty()) lines.emplace_back(line);
    return lines;
}

bool is_dead(std::string_view name) {
    const auto owner = parse_owner_mark(name.substr(name.rfind('_') + 1));
    return name.starts_with(name_begins) && owner && is_owner_dead(*owner);
}

}  // namespace

Result<ContainerEngine> find_container_engine(std::string_view wanted, std::string_view path, CgroupKind groups) {
    std::string program;
    for (const std::string_view name : {wanted.empty() ? "podman" : wanted, wanted.empty() ? "docker" : wanted})
        if (program.empty()) program = program_on(path, name);
    if (program.empty() && wanted.empty())
        return unavailable("neither podman nor docker is on this machine; install one, as in:  apt-get install podman");
    if (program.empty())
        return unavailable("no program '" + std::string(wanted) + "', which was named to run containers; " +
                           std::string(choose));
    if (PLIM_TRY(tool_of(program)) == ContainerTool::docker) return docker_at(std::move(program), groups);
    return podman_at(std::move(program), path, groups);
}

Result<std::optional<std::string>> image_identity(const ContainerEngine& engine, const std::string& image) {
    ProgramOutput found = PLIM_TRY(program_output({engine.program, "image", "inspect", "--format", "{{.Id}}", image}));
    if (found.code == 0) return std::optional(std::move(found.out));
    // "Error: inspecting object: x: image not known", "Error response from daemon: No such image: x"
    for (const char* absent : {"image not known", "No such image", "no such image"})
        if (found.err.find(absent) != std::string::npos) return std::optional<std::string>();
    return unavailable(engine.program + " image inspect " + image + ": " + found.err);
}

Result<void> pull_image(const ContainerEngine& engine, const std::string& image) {
    if (image.starts_with("localhost/"))
        return unavailable("the image " + image + " is not on this machine, and no registry has it; build it");
    const ProgramOutput pulled = PLIM_TRY(program_output({engine.program, "pull", "--quiet", image}));
    if (pulled.code == 0) return {};
    return unavailable("the image " + image +
                       " is not on this machine and cannot be fetched; build it, correct its name, "
                       "or see why:\n" +
                       pulled.err);
}

std::string container_name(std::string_view run, std::string_view attempt, std::string_view owner_mark) {
    std::string name(name_begins);
    name.append(run).append("_").append(attempt).append("_").append(owner_mark);
    return name;
}

Result<int> remove_dead_containers(const ContainerEngine& engine) {
    std::vector<std::string> words{engine.program, "rm", "--force"};
    if (engine.tool == ContainerTool::podman) words.insert(words.end(), {"--ignore", "--time", "0"});
    const std::size_t without = words.size();
    const std::string filter = "name=^" + std::string(name_begins);
    for (std::string& name :
         lines_of(PLIM_TRY(answer({engine.program, "ps", "--all", "--filter", filter, "--format", "{{.Names}}"}))))
        if (is_dead(name)) words.push_back(std::move(name));
    if (words.size() == without) return 0;
    PLIM_TRY(answer(words));
    return static_cast<int>(words.size() - without);
}

}  // namespace plimsoll::machine
