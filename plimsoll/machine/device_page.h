// SPDX-License-Identifier: Apache-2.0
// The page of the ledger on which one run tells how much of each GPU it holds, so that no two runs give their tasks the
// same one. Beside its page of queues (queue_page.h), and bound to its slot in the same way.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace plimsoll::machine {

/// Of a machine; those beyond are not told of.
constexpr std::size_t device_page_most = 64;
constexpr std::size_t device_page_bytes = 256;
using DevicePage = std::array<std::byte, device_page_bytes>;

/// `held`: thousandths of each device, in the order of the machine.
DevicePage device_page_of(std::uint64_t token, std::span<const int> held);
/// Nothing where no run with that token can have written it.
std::optional<std::vector<int>> devices_of(const DevicePage& page, std::uint64_t token);

}  // namespace plimsoll::machine
