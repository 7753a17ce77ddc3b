// SPDX-License-Identifier: Apache-2.0
// MemoryStore: the Store of simulated runs and tests, and of a live run whose history cannot be written.
// Keeps every entry; remembers nothing beyond the process.
#pragma once

#include <vector>

#include "plimsoll/history/store.h"

namespace plimsoll::history {

class MemoryStore final : public Store {
public:
    std::uint64_t append(Entry entry) override;
    Result<void> commit() override;
    std::uint64_t durable_through() const override { return durable_; }

    const std::vector<Entry>& entries() const { return entries_; }
    /// All entries of one kind, in order: `all<AttemptEnded>()`.
    template <class Kind>
    std::vector<Kind> all() const {
        std::vector<Kind> found;
        for (const Entry& entry : entries_)
            if (const Kind* one = std::get_if<Kind>(&entry)) found.push_back(*one);
        return found;
    }
    /// The last word on each task, by id; tasks of which nothing was said are left out.
    std::vector<TaskRecord> tasks() const;

    /// From here on commits fail with this error, until it is taken away: for tests of trouble.
    void set_trouble(std::optional<Error> trouble) { trouble_ = std::move(trouble); }
    std::optional<Error> trouble() const override { return trouble_; }

private:
    std::vector<Entry> entries_;
    std::uint64_t durable_ = 0;
    std::optional<Error> trouble_;
};

}  // namespace plimsoll::history
