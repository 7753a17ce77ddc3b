// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/machine/device_page.h"

#include <algorithm>
#include <cstring>

#include "plimsoll/base/hash.h"

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
static_assert(sizeof(Devices) <= device_page_bytes);

std::uint64_t checksum_of(const Devices& devices) {
    return hash_of({reinterpret_cast<const char*>(&devices), offsetof(Devices, checksum)}).low;
}

}  // namespace

DevicePage device_page_of(std::uint64_t token, std::span<const int> held) {
    Devices devices{};
    devices.magic = device_magic;
    devices.token = token;
    devices.count = std::min(held.size(), device_page_most);
    for (std::size_t at = 0; at < devices.count; ++at)
        devices.held[at] = static_cast<std::uint16_t>(std::clamp<int>(held[at], 0, whole_gpu));
    devices.checksum = checksum_of(devices);
    DevicePage page{};
    std::memcpy(page.data(), &devices, sizeof devices);
    return page;
}

std::optional<std::vector<int>> devices_of(const DevicePage& page, std::uint64_t token) {
    Devices devices{};
    std::memcpy(&devices, page.data(), sizeof devices);
    if (devices.magic != device_magic || devices.token != token || devices.count > device_page_most ||
        devices.checksum != checksum_of(devices))
        return std::nullopt;
    std::vector<int> held(devices.held.begin(), devices.held.begin() + static_cast<std::ptrdiff_t>(devices.count));
    return held;
}

}  // namespace plimsoll::machine
