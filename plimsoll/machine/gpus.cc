// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/gpus.h"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "plimsoll/base/file.h"

namespace plimsoll::machine {
namespace {

/// Of "Model: \t NVIDIA H200": what stands behind the key; "" where there is no such line.
std::string value_told(std::string_view text, std::string_view key) {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::string_view line = text.substr(at, end - at);
        at = end + 1;
        if (!line.starts_with(key)) continue;
        const std::size_t begin = line.find_first_not_of(" \t", key.size());
        return begin == std::string_view::npos ? std::string() : std::string(line.substr(begin));
    }
    return {};
}

std::vector<Gpu> gpus_on_bus(const std::string& root) {
    const std::string folder = root + "/proc/driver/nvidia/gpus";
    std::vector<std::string> places;  // on the bus: "0000:17:00.0"
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator(folder, failed))
        places.push_back(entry.path().filename().string());
    std::ranges::sort(places);
    std::vector<Gpu> gpus;
    for (const std::string& place : places) {
        const std::string text = read_file(folder + "/" + place + "/information").value_or("");
        const std::string model = value_told(text, "Model:"), uuid = value_told(text, "GPU UUID:");
        // The driver writes question marks for a device that nobody has opened yet.
        const bool is_named = !uuid.empty() && uuid.find('?') == std::string::npos;
        gpus.push_back(
            {.model = model.empty() ? "NVIDIA GPU" : model, .name = is_named ? uuid : std::to_string(gpus.size())});
    }
    return gpus;
}

const Gpu* gpu_named(const std::vector<Gpu>& gpus, std::string_view wanted) {
    std::size_t number = 0;
    const auto [end, failed] = std::from_chars(wanted.data(), wanted.data() + wanted.size(), number);
    if (failed == std::errc() && end == wanted.data() + wanted.size())
        return number < gpus.size() ? &gpus[number] : nullptr;
    const auto found = std::ranges::find_if(
        gpus, [&](const Gpu& gpu) { return wanted.starts_with("GPU-") && gpu.name.starts_with(wanted); });
    return found == gpus.end() ? nullptr : &*found;
}

}  // namespace

std::vector<Gpu> read_gpus(const std::string& root, std::optional<std::string_view> visible) {
    std::vector<Gpu> all = gpus_on_bus(root);
    if (!visible) return all;
    std::vector<Gpu> ours;
    while (!visible->empty()) {
        const std::string_view one = visible->substr(0, visible->find(','));
        visible->remove_prefix(std::min(one.size() + 1, visible->size()));
        const Gpu* gpu = gpu_named(all, one);
        if (gpu == nullptr) break;
        if (std::ranges::find(ours, *gpu) == ours.end()) ours.push_back(*gpu);
    }
    return ours;
}

}  // namespace plimsoll::machine
