// SPDX-License-Identifier: Apache-2.0
// For fuzzers: what holds for every reader, whatever it is given.
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/base/check.h"
#include "plimsoll/exchange/kind_names.h"
#include "plimsoll/exchange/sources.h"

namespace plimsoll::exchange {

inline void check_attempt(const AttemptRecord& attempt) {
    const Profile& profile = attempt.profile;
    PLIM_CHECK(attempt.outcome.has_value(), "what is imported has ended");
    PLIM_CHECK(profile.memory_peak >= Bytes{} && profile.read_bytes >= Bytes{}, "amounts are not negative");
    PLIM_CHECK(profile.runtime > Duration::zero() && profile.cpu >= Duration::zero(), "times are not negative");
    PLIM_CHECK(attempt.reserved.memory >= Bytes{} && std::isfinite(attempt.reserved.cpu.count), "requests are amounts");
    PLIM_CHECK(std::isfinite(profile.memory_byte_seconds), "integrals are numbers");
    PLIM_CHECK(!profile.source.empty(), "it is said who measured it");
}

inline std::vector<std::uint64_t> identities(const Source& source, std::string_view text, std::size_t piece) {
    Account account;
    KindNames names({});
    std::vector<std::uint64_t> all;
    const auto take = [&](const Imported& imported) -> Result<bool> {
        check_attempt(imported.attempt);
        all.push_back(imported.identity);
        return true;
    };
    Into into{.names = names, .account = account, .take = take};
    Lines lines(pieces_of(text, piece), "f");
    const Result<void> done = source.read(lines, {}, into);
    PLIM_CHECK(done || !done.error().message.empty(), "a refusal has words");
    PLIM_CHECK(account.taken == all.size(), "what is taken is counted");
    return all;
}

inline void fuzz_source(std::string_view name, std::string_view text) {
    const Source& source = *find_source(name);
    PLIM_CHECK(identities(source, text, 1 << 18) == identities(source, text, 5), "where a text is cut changes nothing");
}

}  // namespace plimsoll::exchange
