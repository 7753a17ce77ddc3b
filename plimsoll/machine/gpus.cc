// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/gpus.h"

#include <algorithm>
#include <charconv>

#include "plimsoll/base/file.h"
#include "plimsoll/machine/folder_names.h"
#include "plimsoll/machine/proc_numbers.h"

namespace plimsoll::machine {
namespace {

std::vector<Gpu> gpus_on_bus(const std::string& root) {
    const std::string folder = root + "/proc/driver/nvidia/gpus";
    std::vector<Gpu> gpus;
    for (const std::string& place : names_in(folder)) {  // on the bus: "0000:17:00.0"
        const std::string text = read_file(folder + "/" + place + "/information").value_or("");
        const std::string model = value_behind(text, "Model"), uuid = value_behind(text, "GPU UUID");
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
