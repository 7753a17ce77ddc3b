// SPDX-License-Identifier: Apache-2.0
// What all pages of the ledger have in common. Their content is a struct that begins with `magic` and `token`, by which
// it belongs to a slot, and ends with a `checksum` of all before it: what is being written, or was left behind by an
// earlier owner of the slot, does not count.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>

#include "plimsoll/base/hash.h"

namespace plimsoll::machine {

template <class Content>
std::uint64_t checksum_of(const Content& content) {
    return hash_of({reinterpret_cast<const char*>(&content), offsetof(Content, checksum)}).low;
}

/// The page that holds it, with its checksum.
template <std::size_t size, class Content>
std::array<std::byte, size> sealed_page(Content content) {
    static_assert(sizeof(Content) <= size);
    content.checksum = checksum_of(content);
    std::array<std::byte, size> page{};
    std::memcpy(page.data(), &content, sizeof content);
    return page;
}

/// Nothing where no owner with that token can have written it.
template <class Content, std::size_t size>
std::optional<Content> opened_page(const std::array<std::byte, size>& page, std::uint64_t magic, std::uint64_t token) {
    Content content{};
    std::memcpy(&content, page.data(), sizeof content);
    if (content.magic != magic || content.token != token || content.checksum != checksum_of(content))
        return std::nullopt;
    return content;
}

}  // namespace plimsoll::machine
