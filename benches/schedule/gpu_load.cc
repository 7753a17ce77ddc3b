// SPDX-License-Identifier: Apache-2.0
#include "benches/schedule/gpu_load.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <tuple>
#include <utility>

#include "plimsoll/simulate/traces/openb.h"

namespace plimsoll::benches {
namespace {

constexpr std::string_view nodes_name = "openb_node_list_gpu_node.csv", pods_name = "openb_pod_list_";

/// Millicores and MiB as the product counts cores and bytes.
ResourceCounts counts(double cpu_milli, double memory_mib) {
    return counts_of({.cpu = Cores{cpu_milli / 1000}, .memory = Bytes{std::llround(memory_mib * (1 << 20))}});
}

std::vector<schedule::DeviceNode> nodes_of(std::vector<simulate::OpenbNode> rows) {
    std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    std::vector<schedule::DeviceNode> nodes;
    for (const simulate::OpenbNode& row : rows)
        nodes.push_back({.free = counts(row.cpu_milli, row.memory_mib),
                         .devices = std::vector<int>(static_cast<std::size_t>(row.gpus), schedule::whole_device),
                         .model = row.model});
    return nodes;
}

void add_pod(GpuLoad& load, const simulate::OpenbPod& pod,
             std::map<std::tuple<ResourceCounts, int, int, std::vector<std::string>>, std::size_t>& known) {
    const schedule::DeviceAsk ask{.amounts = counts(pod.cpu_milli, pod.memory_mib),
                                  .devices = pod.gpus,
                                  .share = pod.gpus == 1 ? static_cast<int>(pod.gpu_milli) : schedule::whole_device,
                                  .models = pod.models};
    const auto [shape, fresh] =
        known.try_emplace({ask.amounts, ask.devices, ask.share, ask.models}, load.shapes.size());
    if (fresh) load.shapes.push_back(ask);
    load.pods.push_back(shape->second);
}

/// The file with or without ".gz".
Result<std::string> either(const std::filesystem::path& path) {
    for (const std::string ending : {"", ".gz"})
        if (std::filesystem::exists(path.string() + ending)) return path.string() + ending;
    return Error{ErrorKind::not_found,
                 fmt::format("{}[.gz] is not there; --openb names a folder with it", path.string())};
}

}  // namespace

Result<std::vector<GpuLoad>> read_gpu_loads(const std::string& folder) {
    const std::string nodes_file = PLIM_TRY(either(std::filesystem::path(folder) / nodes_name));
    const std::vector<schedule::DeviceNode> nodes = nodes_of(PLIM_TRY(simulate::read_openb_nodes(nodes_file)));
    std::map<std::string, std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with(pods_name)) continue;
        files[name.substr(pods_name.size(), name.find('.') - pods_name.size())] = entry.path().string();
    }
    if (files.empty())
        return Error{ErrorKind::not_found, fmt::format("{}: no {}NAME.csv[.gz] in it", folder, pods_name)};
    std::vector<GpuLoad> loads;
    for (const auto& [name, file] : files) {
        GpuLoad& load = loads.emplace_back(GpuLoad{.name = name, .nodes = nodes, .shapes = {}, .pods = {}});
        std::map<std::tuple<ResourceCounts, int, int, std::vector<std::string>>, std::size_t> known;
        for (const simulate::OpenbPod& pod : PLIM_TRY(simulate::read_openb_pods(file))) add_pod(load, pod, known);
        for (const schedule::DeviceNode& node : nodes) load.capacity += node.idle();
    }
    return loads;
}

std::vector<std::size_t> stream_of(const GpuLoad& load, double times, Rng& rng) {
    std::vector<std::size_t> stream = load.pods;
    for (std::size_t left = stream.size(); left > 1; --left)
        std::swap(stream[left - 1], stream[static_cast<std::size_t>(rng.between(0, static_cast<int>(left) - 1))]);
    std::int64_t asked = 0;
    for (const std::size_t shape : stream) asked += load.shapes[shape].thousandths();
    const std::size_t own = stream.size();
    // A load without any GPU in it would be cloned for ever.
    while (asked > 0 && static_cast<double>(asked) < times * static_cast<double>(load.capacity)) {
        stream.push_back(stream[static_cast<std::size_t>(rng.between(0, static_cast<int>(own) - 1))]);
        asked += load.shapes[stream.back()].thousandths();
    }
    return stream;
}

}  // namespace plimsoll::benches
