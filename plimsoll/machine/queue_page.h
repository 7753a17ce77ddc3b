// SPDX-License-Identifier: Apache-2.0
// The page of the ledger on which one run tells what its queues hold and wait for. Beside the runs' slots, so that
// runs of a Plimsoll that knows no queues still agree with this one on what is held.
//
// A page belongs to a slot by a token that both carry: what an earlier owner of the slot left behind does not count.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "plimsoll/machine/capacity.h"

namespace plimsoll::machine {

constexpr std::size_t queue_page_bytes = 4096;
using QueuePage = std::array<std::byte, queue_page_bytes>;
/// Queues beyond these are told together with the last of them; paths beyond `queue_path_longest` bytes have no room.
constexpr std::size_t queue_page_most = 31;
constexpr std::size_t queue_path_longest = 55;

/// Cores, memory and GPUs alone: what queues share.
QueuePage queue_page_of(std::uint64_t token, std::span<const QueueHolding> queues);
/// Nothing where no run with that token can have written it.
std::optional<std::vector<QueueHolding>> queues_of(const QueuePage& page, std::uint64_t token);

}  // namespace plimsoll::machine
