// SPDX-License-Identifier: Apache-2.0
// For tests: a text read as a file, with all that came of it.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/exchange/imported.h"
#include "plimsoll/exchange/kind_names.h"
#include "plimsoll/exchange/sources.h"

namespace plimsoll::exchange {

struct Read {
    Account account;
    std::vector<Imported> all;  ///< what was new
    std::string error;          ///< "" where the file could be read

    const AttemptRecord& attempt(std::size_t at) const { return all.at(at).attempt; }
    std::vector<std::string> reasons() const {
        std::vector<std::string> words;
        for (const auto& [reason, tally] : account.skipped)
            words.push_back(std::to_string(tally.count) + " " + reason + " @" + tally.first);
        return words;
    }
};

/// `text` in pieces of 7 bytes, so that lines and fields are cut everywhere.
inline Read read(std::string_view source, std::string_view text, const ReadOptions& options = {},
                 const NamingOptions& naming = {}) {
    Read read;
    std::set<std::uint64_t> known;
    KindNames names(naming);
    const auto take = [&](const Imported& imported) -> Result<bool> {
        if (!known.insert(imported.identity).second) return false;
        read.all.push_back(imported);
        return true;
    };
    Into into{.names = names, .account = read.account, .take = take};
    Lines lines(pieces_of(text, 7), "dump.txt");
    if (const Result<void> done = find_source(source)->read(lines, options, into); !done)
        read.error = done.error().message;
    return read;
}

}  // namespace plimsoll::exchange
