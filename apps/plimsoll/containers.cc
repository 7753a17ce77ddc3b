// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/containers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <vector>

#include "plimsoll/base/log.h"
#include "plimsoll/base/text.h"

namespace plimsoll::cli {
namespace {

Result<machine::ContainerEngine> find_engine(const std::string& wanted, bool use_cgroups) {
    const char* path = std::getenv("PATH");
    return machine::find_container_engine(wanted, path ? path : "/usr/bin:/bin",
                                          use_cgroups ? machine::find_cgroups().kind : machine::CgroupKind::none);
}

/// Those that run in containers.
std::vector<Step*> steps_with_image(workflow::Workflow& workflow, std::span<const std::string> only) {
    std::vector<Step*> found;
    for (Step& step : workflow.steps)
        if (step.container && (only.empty() || std::ranges::find(only, step.name) != only.end()))
            found.push_back(&step);
    return found;
}

/// What the image is; "" where it is not here and not to be fetched.
Result<std::string> identity_of(const machine::ContainerEngine& engine, const std::string& image, AbsentImages absent) {
    auto identity = PLIM_TRY(machine::image_identity(engine, image));
    if (identity) return *std::move(identity);
    if (absent == AbsentImages::leave) return std::string();
    log(LogLevel::info, fmt::format("fetching the image {}", image));
    PLIM_TRY(machine::pull_image(engine, image));
    identity = PLIM_TRY(machine::image_identity(engine, image));
    if (identity) return *std::move(identity);
    return unavailable(fmt::format("the image {} was fetched, and is not there", image));
}

}  // namespace

Result<std::optional<machine::ContainerEngine>> ready_containers(workflow::Workflow& workflow,
                                                                 std::span<const std::string> only,
                                                                 const std::string& wanted, bool use_cgroups,
                                                                 AbsentImages absent) {
    const std::vector<Step*> steps = steps_with_image(workflow, only);
    if (steps.empty()) return std::optional<machine::ContainerEngine>();
    const auto engine = find_engine(wanted, use_cgroups);
    if (!engine)
        return engine.error().within(
            fmt::format("{}: step '{}' runs in a container", steps.front()->container->place, steps.front()->name));
    std::map<std::string, std::string> identities;
    for (Step* step : steps) {
        const std::string& image = step->container->image;
        if (!identities.contains(image)) {
            auto identity = identity_of(*engine, image, absent);
            if (!identity) return identity.error().within(step->container->place);
            identities[image] = *std::move(identity);
        }
        step->container->identity = identities[image];
    }
    return std::optional(*engine);
}

void remove_left_containers(const std::optional<machine::ContainerEngine>& engine, const std::string& wanted) {
    const auto found = engine ? Result<machine::ContainerEngine>(*engine) : find_engine(wanted, true);
    const Result<int> removed = found ? machine::remove_dead_containers(*found) : Result<int>(found.error());
    if (!removed) log(LogLevel::warning, "containers that a run which died had left stay: " + removed.error().message);
    else if (*removed > 0)
        log(LogLevel::info, fmt::format("removed {} containers that runs which died had left", *removed));
}

std::string image_notes(const workflow::Workflow& workflow, const std::string& wanted) {
    std::vector<std::string> absent;
    std::optional<Result<machine::ContainerEngine>> engine;
    for (const Step& step : workflow.steps) {
        if (!step.container) continue;
        if (!engine) engine = find_engine(wanted, true);
        if (!*engine)
            return fmt::format("{}: step '{}' runs in a container, but: {}\n", step.container->place, step.name,
                               engine->error().message);
        const std::string& image = step.container->image;
        const auto identity = machine::image_identity(**engine, image);
        if (!identity) return fmt::format("{}: {}\n", step.container->place, identity.error().message);
        if (!*identity && std::ranges::find(absent, image) == absent.end()) absent.push_back(image);
    }
    if (absent.empty()) return {};
    return fmt::format("images that are not on this machine, to be fetched when it is run: {}\n", join(absent, ", "));
}

}  // namespace plimsoll::cli
