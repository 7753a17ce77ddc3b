// SPDX-License-Identifier: Apache-2.0
// ImportWriter: attempts that somebody else measured, into a history: all of one import or nothing.
//
// An import is a run of its own with a `source`, so that it is listed, shown and forgotten as any other; it is never
// "the last run", and nothing of it counts as done. Each attempt has an identity, which is kept: what a history has
// already is not taken again, from whichever file it comes, until its import is forgotten.
#pragma once

#include <cstdint>
#include <memory>

#include "plimsoll/base/result.h"
#include "plimsoll/model/run.h"

namespace plimsoll::history {

class ImportWriter {
public:
    ImportWriter(ImportWriter&&) noexcept;
    ImportWriter& operator=(ImportWriter&&) = delete;
    /// Without a commit nothing was imported.
    ~ImportWriter();

    /// False where the history has it already. Attempts of one task come in the order of their numbers.
    Result<bool> add(std::uint64_t identity, const AttemptRecord& attempt);
    /// Makes the import durable. One that brought nothing new leaves no run.
    Result<void> commit();
    std::size_t added() const;

private:
    friend class Database;
    struct State;
    explicit ImportWriter(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace plimsoll::history
