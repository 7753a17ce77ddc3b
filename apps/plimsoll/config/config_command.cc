// SPDX-License-Identifier: Apache-2.0
// plimsoll config check, show: whether the settings are right, and what they come to.
#include <fmt/format.h>

#include <algorithm>

#include <nlohmann/json.hpp>

#include "apps/plimsoll/command_frame.h"
#include "apps/plimsoll/config/config_file.h"
#include "plimsoll/machine/host.h"
#include "plimsoll/schedule/fluid_shares.h"
#include "plimsoll/schedule/share_tree.h"

namespace plimsoll::cli {
namespace {

using Json = nlohmann::ordered_json;

/// The share of the machine that is due to each queue while all of them have work, within their limits: weighted
/// max-min fairness, level by level.
std::vector<double> shares_of(const std::vector<QueueSpec>& queues, const Resources& machine) {
    std::vector<double> shares(queues.size());
    shares[0] = 1;
    for (std::size_t parent = 0; parent < queues.size(); ++parent) {
        std::vector<std::size_t> children;
        std::vector<schedule::FluidUser> users;
        for (std::size_t id = 1; id < queues.size(); ++id) {
            if (queues[id].parent != static_cast<int>(parent)) continue;
            children.push_back(id);
            double most = shares[parent];
            if (queues[id].most.cpu) most = std::min(most, queues[id].most.cpu->count / machine.cpu.count);
            if (queues[id].most.memory)
                most = std::min(most, static_cast<double>(queues[id].most.memory->count) /
                                          static_cast<double>(machine.memory.count));
            users.push_back({.bundle = {.cpu = 1_cores}, .weight = queues[id].weight, .most = most});
        }
        const std::vector<double> got = schedule::fluid_shares(users, {.cpu = {shares[parent]}});
        for (std::size_t at = 0; at < children.size(); ++at) shares[children[at]] = got[at];
    }
    return shares;
}

std::string told(const QueueAmounts& amounts) {
    std::string text;
    if (amounts.cpu) text += fmt::format(" cpu={}", amounts.cpu->count);
    if (amounts.memory) text += fmt::format(" memory={}", format(*amounts.memory));
    if (amounts.gpu) text += fmt::format(" gpu={}", *amounts.gpu);
    return text;
}

std::string line_of(const QueueSpec& queue, double share) {
    const auto depth = queue.path.empty() ? 0 : 1 + std::ranges::count(queue.path, '/');
    const std::string name = std::string(static_cast<std::size_t>(2 * depth), ' ') +
                             (queue.path.empty() ? "all" : queue.path.substr(queue.path.rfind('/') + 1));
    std::string line =
        fmt::format("{:<24} {:<9} {:>7g} {:>7.1f} %", name, name_of(queue.discipline), queue.weight, 100 * share);
    if (!told(queue.guaranteed).empty()) line += "  guaranteed" + told(queue.guaranteed);
    if (!told(queue.most).empty()) line += "  at most" + told(queue.most);
    if (queue.max_running > 0) line += fmt::format("  at most {} at once", queue.max_running);
    if (queue.reclaim_after) line += fmt::format("  reclaims after {}", format(*queue.reclaim_after));
    return line + "\n";
}

Json json_of(const QueueAmounts& amounts) {
    Json json = Json::object();
    if (amounts.cpu) json["cpu"] = amounts.cpu->count;
    if (amounts.memory) json["memory_bytes"] = amounts.memory->count;
    if (amounts.gpu) json["gpu"] = *amounts.gpu;
    return json;
}

Json json_of(const config::Config& config, const std::vector<double>& shares) {
    Json queues = Json::array();
    for (std::size_t id = 0; id < config.queues.size(); ++id) {
        const QueueSpec& queue = config.queues[id];
        queues.push_back(
            {{"path", queue.path},
             {"discipline", name_of(queue.discipline)},
             {"weight", queue.weight},
             {"priority", queue.priority},
             {"share", shares[id]},
             {"guaranteed", json_of(queue.guaranteed)},
             {"most", json_of(queue.most)},
             {"max_running", queue.max_running > 0 ? Json(queue.max_running) : Json(nullptr)},
             {"ageing", queue.ageing},
             {"reclaim_after_s", queue.reclaim_after ? Json(seconds(*queue.reclaim_after)) : Json(nullptr)}});
    }
    return {{"version", 1}, {"file", config.file.empty() ? Json(nullptr) : Json(config.file)}, {"queues", queues}};
}

Result<int> config_of(const ConfigOptions& options) {
    const config::Config config = PLIM_TRY(load_config(options.file));
    if (options.action == "check") {
        print(config.file.empty()
                  ? std::string("there is no config file, and the defaults hold\n")
                  : fmt::format("{}: {} queues, nothing wrong\n", config.file, config.queues.size() - 1));
        return static_cast<int>(Exit::done);
    }
    const machine::Host host = PLIM_TRY(machine::read_host());
    const std::vector<double> shares = shares_of(config.queues, host.amounts);
    if (options.json) {
        print(json_of(config, shares).dump(2) + "\n");
        return static_cast<int>(Exit::done);
    }
    std::string text = config.file.empty() ? std::string("no config file; the defaults hold\n") : config.file + "\n";
    text += fmt::format("{:<24} {:<9} {:>7} {:>9}\n", "queue", "order", "weight", "share");
    for (std::size_t id = 0; id < config.queues.size(); ++id) text += line_of(config.queues[id], shares[id]);
    print(text + "share: of the machine, while all queues have work\n");
    return static_cast<int>(Exit::done);
}

}  // namespace

int config_command(const ConfigOptions& options) {
    const auto code = config_of(options);
    return code ? *code : fail(code.error());
}

}  // namespace plimsoll::cli
