// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/engine/container_call.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "plimsoll/base/text.h"

using namespace plimsoll;
using namespace plimsoll::engine;
using machine::ContainerEngine;
using machine::ContainerTool;

namespace {

const ContainerEngine podman{.tool = ContainerTool::podman, .program = "/usr/bin/podman"};
const ContainerEngine docker{.tool = ContainerTool::docker, .program = "/usr/bin/docker"};

Launch launch_of(const std::string& command) {
    Launch launch;
    launch.command = command;
    launch.workdir = "/w";
    launch.container = InContainer{.image = "sha256:1", .folder = "/w", .inputs = {}, .outputs = {}};
    return launch;
}

ContainerPlace place() {
    return {.name = "plimsoll_r_1.1_7-8-9",
            .group = "plimsoll/r@7-8-9/1.1",
            .hooks_folder = "/logs/.containers",
            .parent_group = "runtime",
            .pid_file = "/logs/1.1.pid",
            .user = 1000,
            .user_group = 100,
            .umask = 027,
            .open_files = {1024, 20000},
            .processes = {500, RLIM_INFINITY}};
}

std::string line(const ContainerEngine& engine, const Launch& launch, const ContainerVariables& variables = {},
                 const ContainerPlace& where = place()) {
    const auto made = container_call(engine, launch, variables, where);
    return made ? join(made->call.words, " ") : made.error().message;
}

bool says(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// "rw /w, ro /data/x"
std::string drawn(const InContainer& container, const std::string& workdir = "/w") {
    std::vector<std::string> parts;
    for (const Mount& mount : mounts_of(container, workdir))
        parts.push_back((mount.read_only ? "ro " : "rw ") + mount.path);
    return join(parts, ", ");
}

}  // namespace

TEST_CASE("podman is told all that makes a container like a plain command") {
    CHECK(line(podman, launch_of("sort -u /w/a")) ==
          "/usr/bin/podman --cgroup-manager cgroupfs --hooks-dir /logs/.containers run --rm --pull never "
          "--name plimsoll_r_1.1_7-8-9 --network host --pid host --ipc host --security-opt label=disable --workdir /w "
          "--user 1000:100 --log-driver passthrough --umask 0027 --ulimit nofile=1024:20000 --ulimit nproc=500:-1 "
          "--cgroups no-conmon --cgroup-parent "
          "runtime "
          "--cgroupns host --annotation plimsoll.group=plimsoll/r@7-8-9/1.1 --pidfile /logs/1.1.pid --volume /w:/w "
          "--entrypoint sort sha256:1 -u "
          "/w/a");
}

TEST_CASE("docker is told the same in its own words") {
    CHECK(line(docker, launch_of("sort /w/a")) ==
          "/usr/bin/docker run --rm --pull never --name plimsoll_r_1.1_7-8-9 --network host --pid host --ipc host "
          "--security-opt label=disable --workdir /w --user 1000:100 --log-driver none --cgroup-parent "
          "plimsoll/r@7-8-9/1.1 --cgroupns host --volume /w:/w --entrypoint sort sha256:1 /w/a");
}

TEST_CASE("without root, root within is the user without; a runtime that can do without groups makes none") {
    ContainerEngine rootless = podman;
    rootless.is_rootless = true;
    rootless.makes_groups = false;
    rootless.runtime = "crun";
    const std::string call = line(rootless, launch_of("true"));
    CHECK(says(call, " --user 0:0 "));
    CHECK(says(call, " --cgroups disabled "));
    CHECK(says(call, " --runtime crun "));
    CHECK_FALSE(says(call, "cgroup-parent"));
    CHECK_FALSE(says(call, "cgroupns"));
    CHECK(says(call, " --ipc host "));
    ContainerPlace where = place();
    where.has_message_queues = false;
    CHECK(says(line(rootless, launch_of("true"), {}, where), " --ipc private "));
    CHECK(says(line(podman, launch_of("true"), {}, where), " --ipc host "));
}

TEST_CASE("without a group no group is spoken of, and the container tells its process's number") {
    ContainerPlace where = place();
    where.group.clear();
    where.hooks_folder.clear();
    const std::string call = line(podman, launch_of("true"), {}, where);
    CHECK(says(call, " --pidfile /logs/1.1.pid "));
    for (const char* part : {"cgroup", "hooks-dir", "annotation"}) CHECK_FALSE(says(call, part));
}

TEST_CASE("a command that needs a shell runs in that of the image, past the image's own entry point") {
    CHECK(line(podman, launch_of("a | b")).ends_with(" --entrypoint sh sha256:1 -c a | b"));
    Launch launch = launch_of("a | b");
    launch.shell = "bash -euo pipefail -c";
    CHECK(line(podman, launch).ends_with(" --entrypoint bash sha256:1 -euo pipefail -c a | b"));
    launch.shell = "bash -c | tee";
    CHECK(says(line(podman, launch), "is not a plain command"));
}

TEST_CASE("what comes before a command runs on the machine itself, and then makes way for the container") {
    Launch launch = launch_of("true");
    launch.before = "dd if=a of=b";
    const auto made = container_call(podman, launch, {}, place());
    REQUIRE(made);
    CHECK(made->call.program == "/bin/sh");
    const std::string call = join(made->call.words, " ");
    CHECK(call.starts_with("sh -c dd if=a of=b && exec \"$@\" sh " + podman.program + " "));
    CHECK(call.ends_with(" --entrypoint true sha256:1"));
}

TEST_CASE("values of variables are in the call's environment, not in its words") {
    const auto made = container_call(podman, launch_of("true"),
                                     {.plain = {{"X", "plain value"}}, .secrets = {{"TOKEN", "hunter2"}}}, place());
    REQUIRE(made);
    const std::string call = join(made->call.words, " ");
    CHECK(says(call, " --env X --env TOKEN "));
    CHECK_FALSE(says(call, "plain value"));
    CHECK_FALSE(says(call, "hunter2"));
    CHECK(made->env == std::vector<Variable>{{"X", "plain value"}, {"TOKEN", "hunter2"}});
}

TEST_CASE("what podman itself reads is not set for it, but a secret is never in the call") {
    const auto made = container_call(
        podman, launch_of("true"),
        {.plain = {{"PATH", "/opt/bin"}, {"TOKEN", "mine"}}, .secrets = {{"HOME", "hunter2"}, {"TOKEN", "other"}}},
        place());
    REQUIRE(made);
    CHECK(says(join(made->call.words, " "), " --env PATH=/opt/bin --env TOKEN --env HOME --volume"));
    CHECK(made->env == std::vector<Variable>{{"TOKEN", "mine"}, {"HOME", "hunter2"}});
}

TEST_CASE("a container may write where the task writes, and reads the rest") {
    CHECK(drawn({.image = {}, .folder = "/w", .inputs = {}, .outputs = {"/w/out/x"}}) == "rw /w");
    CHECK(drawn({.image = {}, .folder = "/w", .inputs = {"/w/in.txt", "/data/ref.fa"}, .outputs = {"/out/deep/x"}}) ==
          "ro /data/ref.fa, rw /out/deep, rw /w, ro /w/in.txt");
    CHECK(drawn({.image = {}, .folder = "/w/flow", .inputs = {}, .outputs = {}}, "/scratch") ==
          "rw /scratch, rw /w/flow");
    CHECK(drawn({.image = {}, .folder = "/w", .inputs = {"/w/../data//a/"}, .outputs = {"/w/./x"}}) ==
          "ro /data/a, rw /w");
}

TEST_CASE("an input folder that outputs go to can be written to") {
    CHECK(drawn({.image = {}, .folder = "/w", .inputs = {"/w/results"}, .outputs = {"/w/results/sub/x"}}) == "rw /w");
    CHECK(drawn({.image = {}, .folder = "/w", .inputs = {"/data"}, .outputs = {"/data/out/x"}}) ==
          "ro /data, rw /data/out, rw /w");
    CHECK(drawn({.image = {}, .folder = "/w", .inputs = {"/w"}, .outputs = {}}) == "rw /w");
}

TEST_CASE("patterns and very many inputs are seen through their folders") {
    CHECK(drawn({.image = {}, .folder = "/w", .inputs = {"/w/*.fa", "/data/s*/x.fq"}, .outputs = {"/out/*/y"}}) ==
          "ro /data, rw /out, rw /w");
    InContainer many{.image = {}, .folder = "/w", .inputs = {}, .outputs = {}};
    for (int i = 0; i < 1000; ++i) {
        many.inputs.push_back("/w/" + std::to_string(i));
        many.inputs.push_back("/data/" + std::to_string(i));
    }
    CHECK(drawn(many) == "ro /data, rw /w");
}

TEST_CASE("a path with a colon is spelt otherwise, and one that cannot be spelt is told") {
    Launch launch = launch_of("true");
    launch.container->inputs = {"/data/a:b", "/data/c,d"};
    const std::string call = line(podman, launch);
    CHECK(says(call, " --mount type=bind,source=/data/a:b,destination=/data/a:b,readonly=true "));
    CHECK(says(call, " --volume /data/c,d:/data/c,d:ro "));
    launch.container->inputs = {"/data/a:b,c"};
    CHECK(line(podman, launch) ==
          "a container cannot see /data/a:b,c, whose name holds both a colon and a comma; rename it");
}
