// SPDX-License-Identifier: Apache-2.0
// Memory of one process, as blocks: each is got in one of the ways, and given back to the kernel as a whole.
#pragma once

#include <memory>
#include <vector>

#include "memory.h"

namespace plimsoll::load {

inline constexpr Bytes block_size = 256_KiB;

/// Blocks of malloc, every page touched.
std::unique_ptr<Memory> touched_blocks();
/// Fresh anonymous memory that read() fills: the kernel, not the program, touches it first.
Result<std::unique_ptr<Memory>> read_blocks();
/// Anonymous mappings, every page touched: private and shared ones by turns.
std::unique_ptr<Memory> mapped_blocks();

}  // namespace plimsoll::load
