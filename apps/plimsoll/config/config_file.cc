// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/config/config_file.h"

#include <fmt/format.h>

#include <cstdlib>

#include "plimsoll/base/file.h"

namespace plimsoll::cli {
namespace {

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

}  // namespace

Result<config::Config> load_config(const std::optional<std::string>& named) {
    const std::string file =
        named ? *named : config::default_config_file({variable("XDG_CONFIG_HOME"), variable("HOME")});
    if (file.empty())
        return named ? Result<config::Config>(invalid("--config needs the path of a file")) : config::Config{};
    const auto text = read_file(file);
    if (!text && !named && text.error().kind == ErrorKind::not_found) return config::Config{};
    if (!text) return Error{text.error().kind, fmt::format("the config file: {}", text.error().message)};
    config::ReadConfig read = config::read_config_text(*text, file);
    if (read.problems.empty()) return std::move(read.config);
    std::string all =
        fmt::format("{} {} in {}", read.problems.size(), read.problems.size() == 1 ? "mistake" : "mistakes", file);
    for (const workflow::Problem& problem : read.problems) all += "\n  " + workflow::format(problem);
    return invalid(std::move(all));
}

Result<std::vector<QueueSpec>> assign_queues(const config::Config& config, const std::string& queue,
                                             std::span<Step* const> steps) {
    std::vector<std::string> named;
    for (Step* step : steps) {
        if (!queue.empty() && step->queue == "default") step->queue = queue;
        named.push_back(step->queue);
    }
    return config::queues_for(config, named);
}

}  // namespace plimsoll::cli
