// SPDX-License-Identifier: Apache-2.0
// RunWriter: the Store of a live run. Values go over a queue to a thread that owns a connection of its own
// and commits them in groups, each one transaction and one fsync: the loop never waits for the disk, and
// many short tasks share a commit. A commit begins at once when the last one is `gather_time` ago.
//
// Of an attempt that starts, a line goes to the run's `started` file before append() returns: a
// write(2) that outlives this process, for a hundredth of the cost of a transaction.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "plimsoll/base/result.h"
#include "plimsoll/history/store.h"

namespace plimsoll::history {

class RunWriter final : public Store {
public:
    /// Database::begin_run makes one.
    struct Plan {
        std::string database;
        std::int64_t run_number = 0;
        RunRecord run;
        Duration gather_time = std::chrono::milliseconds(20);
        Duration retry_time = std::chrono::seconds(1);  ///< after a commit that failed
        Duration lock_time = std::chrono::seconds(10);  ///< to wait for other writers before a commit fails
    };
    static Result<std::unique_ptr<RunWriter>> start(Plan plan);
    /// Commits what it can and ends the thread. Call commit() before to learn of errors.
    ~RunWriter() override;
    RunWriter(const RunWriter&) = delete;
    RunWriter& operator=(const RunWriter&) = delete;

    std::uint64_t append(Entry entry) override;
    Result<void> commit() override;
    std::uint64_t durable_through() const override;
    std::optional<Error> trouble() const override;
    int wake_fd() const override;
    void acknowledge() override;

private:
    struct State;
    explicit RunWriter(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace plimsoll::history
