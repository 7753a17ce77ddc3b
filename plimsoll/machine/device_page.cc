// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/device_page.h"

#include <algorithm>

#include "plimsoll/machine/ledger_page.h"

namespace plimsoll::machine {
namespace {

constexpr std::uint64_t device_magic = 0x3147505553'4d50;  // "PMSUPG1"
constexpr std::uint16_t whole_gpu = 1000;

struct Devices {
    std::uint64_t magic;
    std::uint64_t token;
    std::uint64_t count;
    std::array<std::uint16_t, device_page_most> held;  ///< thousandths
    std::uint64_t checksum;                            ///< of all before it
};

}  // namespace

DevicePage device_page_of(std::uint64_t token, std::span<const int> held) {
    Devices devices{};
    devices.magic = device_magic;
    devices.token = token;
    devices.count = std::min(held.size(), device_page_most);
    for (std::size_t at = 0; at < devices.count; ++at)
        devices.held[at] = static_cast<std::uint16_t>(std::clamp<int>(held[at], 0, whole_gpu));
    return sealed_page<device_page_bytes>(devices);
}

std::optional<std::vector<int>> devices_of(const DevicePage& page, std::uint64_t token) {
    const auto devices = opened_page<Devices>(page, device_magic, token);
    if (!devices || devices->count > device_page_most) return std::nullopt;
    return std::vector<int>(devices->held.begin(), devices->held.begin() + static_cast<std::ptrdiff_t>(devices->count));
}

}  // namespace plimsoll::machine
