// SPDX-License-Identifier: Apache-2.0
// podman and docker are scripts here that answer as the real ones do; tests/machine has the real podman.
#include "plimsoll/machine/container_engine.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plimsoll/base/file.h"
#include "plimsoll/machine/process.h"
#include "tests/literal_tree.h"

using namespace plimsoll;
using namespace plimsoll::machine;

namespace {

struct Bin : LiteralTree {
    Bin() : LiteralTree({}) {}
    void add(const std::string& name, const std::string& script) const {
        write("/" + name, "#!/bin/sh\n" + script);
        ::chmod((root + "/" + name).c_str(), 0755);
    }
    void add_podman(const std::string& info) const {
        add("podman", "case $1 in --version) echo podman version 4.3.1;; info) echo " + info + ";; esac");
    }
    void add_docker(const std::string& info) const {
        add("docker", "case $1 in --version) echo Docker version 20.10.24;; info) echo '" + info + "';; esac");
    }
    Result<ContainerEngine> find(std::string_view wanted = "", CgroupKind kind = CgroupKind::v2) const {
        return find_container_engine(wanted, root, kind);
    }
    std::string why_not(std::string_view wanted = "", CgroupKind kind = CgroupKind::v2) const {
        const auto found = find(wanted, kind);
        return found ? "found" : found.error().message;
    }
};

}  // namespace

TEST_CASE("podman is taken before docker, unless docker is named") {
    const Bin bin;
    bin.add_docker("cgroupfs [name=seccomp]");
    CHECK(bin.find()->tool == ContainerTool::docker);
    bin.add_podman("false runc");
    CHECK(bin.find()->tool == ContainerTool::podman);
    CHECK(bin.find()->program == bin.root + "/podman");
    CHECK(bin.find("docker")->tool == ContainerTool::docker);
    CHECK(bin.find(bin.root + "/docker")->program == bin.root + "/docker");
}

TEST_CASE("a docker that is podman by another name is podman") {
    const Bin bin;
    bin.add("docker", "case $1 in --version) echo podman version 4.3.1;; info) echo true crun;; esac");
    CHECK(*bin.find() == ContainerEngine{.tool = ContainerTool::podman,
                                         .program = bin.root + "/docker",
                                         .is_rootless = true,
                                         .makes_groups = false});
}

TEST_CASE("without any, or with one that does not work, the error says what to do") {
    const Bin bin;
    CHECK(bin.why_not() == "neither podman nor docker is on this machine; install one, as in:  apt-get install podman");
    CHECK(bin.why_not("podmna") ==
          "no program 'podmna', which was named to run containers; choose another with --container-engine or "
          "PLIMSOLL_CONTAINER_ENGINE");
    bin.add("tool", "echo tool 1.0");
    CHECK(bin.why_not("tool").find("is neither podman nor docker: it calls itself 'tool 1.0'") != std::string::npos);
    bin.add("podman", "case $1 in --version) echo podman version 4.3.1;; *) echo 'no storage' >&2; exit 125;; esac");
    CHECK(bin.why_not() == bin.root + "/podman info: no storage");
    CHECK(bin.find().error().kind == ErrorKind::unavailable);
}

TEST_CASE("beside v1 and v2 together crun gives way to runc") {
    const Bin bin;
    bin.add_podman("false crun");
    CHECK_FALSE(bin.find("", CgroupKind::v1)->makes_groups);
    bin.add("runc", "");
    const auto found = bin.find("", CgroupKind::hybrid);
    CHECK(found->runtime == "runc");
    CHECK(found->makes_groups);
}

TEST_CASE("a docker whose containers nobody can measure is refused") {
    const Bin bin;
    bin.add_docker("systemd [name=seccomp]");
    CHECK(bin.why_not().find("native.cgroupdriver=cgroupfs") != std::string::npos);
    bin.add_docker("cgroupfs [name=seccomp]");
    CHECK(bin.find());
    CHECK_FALSE(bin.find("", CgroupKind::none));
}

TEST_CASE("an image that is not there is no error, one that cannot be looked up is") {
    const Bin bin;
    bin.add("podman",
            "case $5 in here) echo 0123ab;; gone) echo 'Error: gone: image not known' >&2; exit 125;;"
            " *) echo 'Error: database is locked' >&2; exit 125;; esac");
    const ContainerEngine engine{.tool = ContainerTool::podman, .program = bin.root + "/podman"};
    CHECK(*image_identity(engine, "here") == "0123ab");
    CHECK(*image_identity(engine, "gone") == std::nullopt);
    CHECK(image_identity(engine, "x").error().message.find("database is locked") != std::string::npos);
}

TEST_CASE(
    "an image that cannot be fetched says so with the registry's reason; one that is only here is not asked for") {
    const Bin bin;
    bin.add("podman", "echo asked >>" + bin.root + "/asked; echo 'unauthorized' >&2; exit 125");
    const ContainerEngine engine{.tool = ContainerTool::podman, .program = bin.root + "/podman"};
    CHECK(pull_image(engine, "localhost/x").error().message.find("build it") != std::string::npos);
    CHECK_FALSE(read_file(bin.root + "/asked"));
    CHECK(pull_image(engine, "x").error().message.ends_with("unauthorized"));
}

TEST_CASE("only containers of dead owners are removed, and nobody else's") {
    const Bin bin;
    OwnerMark living = own_mark();
    OwnerMark dead = living;
    ++dead.start_ticks;
    const std::string mine = container_name("r", "1.1", living.text());
    const std::string left = container_name("r", "2.1", dead.text());
    bin.add("podman", "case $1 in ps) echo " + mine + "; echo " + left +
                          "; echo plimsoll_x; echo postgres;; rm) echo $* >>" + bin.root + "/removed;; esac");
    const ContainerEngine engine{.tool = ContainerTool::podman, .program = bin.root + "/podman"};
    CHECK(remove_dead_containers(engine).value() == 1);
    CHECK(read_file(bin.root + "/removed").value() == "rm --force --ignore --time 0 " + left + "\n");
}
