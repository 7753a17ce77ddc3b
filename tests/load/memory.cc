// SPDX-License-Identifier: Apache-2.0
#include "memory.h"

#include <fmt/format.h>

#include "blocks.h"
#include "children.h"
#include "file_memory.h"

namespace plimsoll::load {

namespace {

using Made = Result<std::unique_ptr<Memory>>;

constexpr WayOfAllocating ways[] = {
    {"touch", "malloc, every page touched", [](const std::string&) -> Made { return touched_blocks(); }},
    {"read", "read() into fresh memory", [](const std::string&) -> Made { return read_blocks(); }},
    {"tmpfs", "a file in /dev/shm", [](const std::string&) -> Made { return tmpfs_file(); }},
    {"mmap", "anonymous mappings, private and shared", [](const std::string&) -> Made { return mapped_blocks(); }},
    {"fork", "children that hold a part each", [](const std::string&) -> Made { return forked_children(); }},
    {"cache", "touch, beside a file on disk of twice the size that is written and read", cached_file},
};

}  // namespace

std::span<const WayOfAllocating> ways_of_allocating() { return ways; }

Result<std::unique_ptr<Memory>> make_memory(std::string_view way, const std::string& folder) {
    for (const WayOfAllocating& known : ways)
        if (known.name == way) return known.make(folder);
    return invalid(fmt::format("unknown way of allocating '{}'", way));
}

}  // namespace plimsoll::load
