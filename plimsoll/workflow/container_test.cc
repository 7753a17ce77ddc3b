// SPDX-License-Identifier: Apache-2.0
// The `container` of a step: how it is read, and what it means for whether a task is up to date.
#include <doctest/doctest.h>

#include "plimsoll/workflow/command_hash.h"
#include "plimsoll/workflow/load.h"
#include "tests/workflow_world.h"

using namespace plimsoll;
using namespace plimsoll::workflow;

namespace {

/// The image of the first step, "none" without.
std::string image_of(std::string_view text) {
    const Loaded loaded = load_in_world(text, {});
    REQUIRE(problems_of(loaded).empty());
    const auto& container = loaded.workflow.steps.front().container;
    return container ? container->image : "none";
}

std::string told(std::string_view image) {
    return problems_of(load_in_world("steps: {a: {command: make, container: " + std::string(image) + "}}", {}));
}

}  // namespace

TEST_CASE("a step's image is its own over that of the defaults, and 'none' is none") {
    const std::string defaults = "defaults: {container: debian:12}\n";
    CHECK(image_of("steps: {a: {command: make}}") == "none");
    CHECK(image_of(defaults + "steps: {a: {command: make}}") == "debian:12");
    CHECK(image_of(defaults + "steps: {a: {command: make, container: localhost/tool@sha256:ab01}}") ==
          "localhost/tool@sha256:ab01");
    CHECK(image_of(defaults + "steps: {a: {command: make, container: none}}") == "none");
    CHECK(image_of("params: {v: 12}\nsteps: {a: {command: make, container: 'debian:{v}'}}") == "debian:12");
}

TEST_CASE("an image knows its place in the file, for what is found out later") {
    const Loaded loaded = load_in_world("steps:\n  a:\n    command: make\n    container: debian:12\n", {});
    CHECK(loaded.workflow.steps.front().container->place == "flow.yaml:4:16");
}

TEST_CASE("what cannot be the name of an image is told with what can") {
    CHECK(told("''") ==
          "flow.yaml:1:39: a 'container' without an image; name one, like docker.io/library/debian:12, or 'none'\n");
    CHECK(told("docker://debian:12") ==
          "flow.yaml:1:39: 'docker://debian:12' says where an image is fetched by what; write its name alone: "
          "debian:12\n");
    CHECK(told("'debian 12'") ==
          "flow.yaml:1:39: 'debian 12' is not the name of an image; write one like docker.io/library/debian:12\n");
    CHECK(told("--privileged") ==
          "flow.yaml:1:39: '--privileged' is not the name of an image; write one like docker.io/library/debian:12\n");
}

TEST_CASE("another image, or another one of the same name, makes another command; none leaves it as it was") {
    Step step;
    Task task;
    task.step = &step;
    task.command.text = "make";
    const Hash128 plain = command_hash(task);
    step.container = Container{.image = "debian:12", .identity = {}, .place = "flow.yaml:1:1"};
    const Hash128 named = command_hash(task);
    CHECK(named != plain);
    step.container->place = "flow.yaml:2:1";
    CHECK(command_hash(task) == named);
    step.container->identity = "sha256:1";
    const Hash128 identified = command_hash(task);
    CHECK(identified != named);
    step.container->image = "docker.io/library/debian:12";
    CHECK(command_hash(task) == identified);
    step.container->identity = "sha256:2";
    CHECK(command_hash(task) != identified);
    step.container.reset();
    CHECK(command_hash(task) == plain);
}
