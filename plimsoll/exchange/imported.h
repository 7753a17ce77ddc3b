// SPDX-License-Identifier: Apache-2.0
// What a reader gives: attempts as somebody else measured them, and what became of every row.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/base/result.h"
#include "plimsoll/model/run.h"

namespace plimsoll::exchange {

/// One attempt. Amounts that the source does not tell are 0 or absent; `attempt.profile.source` names the source.
struct Imported {
    /// The same for the same attempt in whichever file it stands, so that what is read twice counts once.
    std::uint64_t identity = 0;
    AttemptRecord attempt;
};

/// How often something was met, and where first.
struct Tally {
    std::size_t count = 0;
    std::string first;  ///< "jobs.txt:17"
};

struct Account {
    std::size_t rows = 0;                  ///< of the files, headers apart
    std::size_t taken = 0;                 ///< attempts that were new
    std::size_t known = 0;                 ///< attempts that the history had already
    std::map<std::string, Tally> skipped;  ///< by reason
    std::map<std::string, Tally> notes;    ///< what was taken, but says less than one may think
    std::size_t unreadable = 0;
    std::vector<std::string> problems;  ///< of the first unreadable rows: "jobs.txt:17:9: REASON; REMEDY"

    void skip(std::string_view reason, std::string_view name, std::size_t line);
    void note(std::string_view words, std::string_view name, std::size_t line);
    /// `column`: of the character, from 1.
    void refuse(std::string_view name, std::size_t line, std::size_t column, std::string_view why);
};

/// Takes one attempt; true where it was new.
using Take = std::function<Result<bool>(const Imported&)>;

class KindNames;

/// Where a reader's words go. Several files may go into one.
struct Into {
    KindNames& names;
    Account& account;
    Take take;
    TaskId next_task = 0;  ///< the number of the next task that is new

    /// Hands it on and counts it; true where it was new.
    Result<bool> add(const Imported& imported);
};

struct ReadOptions {
    std::string columns = {};   ///< sacct: what its --format was, where the dump has no header (-n)
    std::string step = {};      ///< Snakemake, GNU time: what all rows are of, where they do not say so themselves
    std::string workflow = {};  ///< what the file's tasks belong to where it does not say so itself
};

}  // namespace plimsoll::exchange
