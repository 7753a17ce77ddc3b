// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/base/hash.h"

#include <xxhash.h>

#include <cstdio>

namespace plimsoll {
namespace {

Hash128 from(XXH128_hash_t hash) { return {hash.high64, hash.low64}; }

}  // namespace

struct Hasher::State {
    XXH3_state_t* stream = XXH3_createState();
};

std::string Hash128::hex() const {
    char text[33];
    std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(high),
                  static_cast<unsigned long long>(low));
    return text;
}

Hash128 hash_of(std::string_view bytes) { return from(XXH3_128bits(bytes.data(), bytes.size())); }

Hasher::Hasher() : state_(std::make_unique<State>()) { XXH3_128bits_reset(state_->stream); }
Hasher::~Hasher() { XXH3_freeState(state_->stream); }

void Hasher::add_field(std::string_view field) {
    const std::uint64_t length = field.size();
    XXH3_128bits_update(state_->stream, &length, sizeof length);
    add_raw(field);
}

void Hasher::add_raw(std::string_view bytes) { XXH3_128bits_update(state_->stream, bytes.data(), bytes.size()); }

Hash128 Hasher::digest() const { return from(XXH3_128bits_digest(state_->stream)); }

}  // namespace plimsoll
