// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/history/run_writer.h"

#include <fmt/format.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "plimsoll/base/clock.h"
#include "plimsoll/base/file.h"
#include "plimsoll/base/probe.h"
#include "plimsoll/history/connect.h"
#include "plimsoll/history/location.h"
#include "plimsoll/history/rows.h"
#include "plimsoll/history/started_file.h"

namespace plimsoll::history {
namespace {

constexpr std::size_t tasks_named = 5;  // in an error; the others are counted

/// Entries that a later one of the same batch replaces: only the last word on a task counts, and an
/// attempt that ended within the batch need not be recorded as started.
std::vector<bool> replaced_entries(const std::vector<Entry>& batch) {
    std::vector<bool> replaced(batch.size());
    std::set<TaskId> tasks;
    std::set<AttemptId> attempts;
    for (std::size_t at = batch.size(); at-- > 0;) {
        if (const auto* task = std::get_if<TaskChanged>(&batch[at])) replaced[at] = !tasks.insert(task->task.id).second;
        if (const auto* ended = std::get_if<AttemptEnded>(&batch[at])) attempts.insert(ended->attempt.id);
        if (const auto* started = std::get_if<AttemptStarted>(&batch[at]))
            replaced[at] = !attempts.insert(started->attempt.id).second;
    }
    return replaced;
}

Result<void> write_batch(Connection& connection, RunRows& rows, const std::vector<Entry>& batch) {
    const std::vector<bool> replaced = replaced_entries(batch);
    Transaction transaction = PLIM_TRY(Transaction::begin(connection));
    for (std::size_t at = 0; at < batch.size(); ++at)
        if (!replaced[at]) PLIM_TRY(rows.write(batch[at]));
    return transaction.commit();
}

std::string unrecorded(const std::vector<Entry>& batch) {
    std::string names;
    std::size_t finished = 0;
    for (const Entry& entry : batch) {
        const auto* sealed = std::get_if<TaskSealed>(&entry);
        if (sealed && ++finished <= tasks_named) names += (names.empty() ? "" : ", ") + sealed->receipt.task_name;
    }
    if (finished == 0) return fmt::format("not recorded: {} entries, no finished task among them", batch.size());
    return fmt::format("not recorded: {} finished task{} ({}{}), which will run again", finished,
                       finished == 1 ? "" : "s", names, finished > tasks_named ? ", ..." : "");
}

bool ends_run(const std::vector<Entry>& batch) {
    for (const Entry& entry : batch)
        if (std::holds_alternative<RunEnded>(entry)) return true;
    return false;
}

}  // namespace

/// Shared by two threads under `mutex`, but for what is marked as the writer's own.
struct RunWriter::State {
    State(Plan its_plan, Fd its_event, StartedFile its_started, Connection its_connection, RunRows its_rows)
        : plan(std::move(its_plan)),
          event(std::move(its_event)),
          started(std::move(its_started)),
          connection(std::move(its_connection)),
          rows(std::move(its_rows)) {}

    Plan plan;
    MachineClock clock;
    Fd event;
    StartedFile started;    ///< the appending thread's own
    Connection connection;  ///< the writing thread's own
    RunRows rows;           ///< the writing thread's own

    mutable std::mutex mutex;
    std::condition_variable work, progress;
    std::vector<Entry> queue;
    std::uint64_t appended = 0;
    std::uint64_t durable = 0;
    std::uint64_t failures = 0;
    std::uint64_t failed_through = 0;  ///< what the last commit that failed would have covered
    bool wants_commit = false, stopping = false;
    std::optional<Error> trouble;        ///< of the last commit
    std::optional<Error> start_trouble;  ///< of the last line in the `started` file
    std::thread thread;

    bool wait_for_work(std::vector<Entry>& batch, Instant last_commit);
    void settle(std::vector<Entry>& batch, const Result<void>& written);
    void write_until_stopped();
    void wake();
};

void RunWriter::State::wake() {
    const std::uint64_t one = 1;
    (void)!::write(event.fd(), &one, sizeof one);  // fails only when a wake-up is pending already
}

/// Moves what was appended to the batch; false when it is time to end with nothing left to write.
bool RunWriter::State::wait_for_work(std::vector<Entry>& batch, Instant last_commit) {
    std::unique_lock lock(mutex);
    const auto hurried = [this] { return wants_commit || stopping; };
    if (batch.empty()) work.wait(lock, [&] { return !queue.empty() || hurried(); });
    const Duration pause = trouble ? plan.retry_time : plan.gather_time;
    const Duration since = clock.now() - last_commit;
    if (since < pause) work.wait_for(lock, pause - since, hurried);
    wants_commit = false;
    batch.insert(batch.end(), std::move_iterator(queue.begin()), std::move_iterator(queue.end()));
    queue.clear();
    return !batch.empty() || !stopping;
}

void RunWriter::State::settle(std::vector<Entry>& batch, const Result<void>& written) {
    const bool ended = written && ends_run(batch);
    {
        const std::lock_guard lock(mutex);
        if (written) {
            durable += batch.size();
            trouble.reset();
        } else {
            PLIM_PROBE("a commit of the history failed");
            ++failures;
            failed_through = durable + batch.size();
            trouble = Error{written.error().kind, fmt::format("history {}: {}; {}", plan.database,
                                                              written.error().message, unrecorded(batch))};
        }
        wake();
    }
    progress.notify_all();
    if (written) batch.clear();
    if (ended) ::unlink(run_paths(plan.database, plan.run.id).started.c_str());
}

void RunWriter::State::write_until_stopped() {
    std::vector<Entry> batch;
    Instant last_commit = clock.now() - plan.gather_time;
    while (wait_for_work(batch, last_commit)) {
        if (batch.empty()) continue;
        last_commit = clock.now();
        Result<void> written = write_batch(connection, rows, batch);
        if (!written) rows.forget_ids();
        settle(batch, written);
        const std::lock_guard lock(mutex);
        if (!written && stopping) return;
    }
}

Result<std::unique_ptr<RunWriter>> RunWriter::start(Plan plan) {
    Fd event(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!event) return system_error("make an eventfd");
    StartedFile started = PLIM_TRY(StartedFile::create(run_paths(plan.database, plan.run.id).started));
    const JournalMode mode = PLIM_TRY(journal_mode_for(plan.database));
    Connection connection = PLIM_TRY(connect(plan.database, mode, plan.lock_time));
    RunRows rows = PLIM_TRY(RunRows::prepare(connection, plan.run_number, plan.run));
    return std::unique_ptr<RunWriter>(new RunWriter(std::make_unique<State>(
        std::move(plan), std::move(event), std::move(started), std::move(connection), std::move(rows))));
}

// Signals are for the loop's thread: the writer is born with all of them blocked.
RunWriter::RunWriter(std::unique_ptr<State> state) : state_(std::move(state)) {
    sigset_t all, before;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    state_->thread = std::thread([this] { state_->write_until_stopped(); });
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

RunWriter::~RunWriter() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->stopping = true;
    }
    state_->work.notify_all();
    state_->thread.join();
}

std::uint64_t RunWriter::append(Entry entry) {
    std::optional<Error> failed;
    if (const auto* begun = std::get_if<AttemptStarted>(&entry))
        if (Result<void> added = state_->started.add(begun->attempt); !added) failed = added.error();
    const std::lock_guard lock(state_->mutex);
    if (std::holds_alternative<AttemptStarted>(entry)) state_->start_trouble = std::move(failed);
    state_->queue.push_back(std::move(entry));
    if (state_->queue.size() == 1) state_->work.notify_all();
    return ++state_->appended;
}

Result<void> RunWriter::commit() {
    std::unique_lock lock(state_->mutex);
    const std::uint64_t target = state_->appended, failures = state_->failures;
    if (state_->durable >= target) return {};
    state_->wants_commit = true;
    state_->work.notify_all();
    // A commit that had begun before this call may fail without having tried all that was asked for.
    const auto tried = [&] { return state_->failures > failures && state_->failed_through >= target; };
    state_->progress.wait(lock, [&] { return state_->durable >= target || tried(); });
    if (state_->durable >= target) return {};
    return *state_->trouble;
}

std::uint64_t RunWriter::durable_through() const {
    const std::lock_guard lock(state_->mutex);
    return state_->durable;
}

std::optional<Error> RunWriter::trouble() const {
    const std::lock_guard lock(state_->mutex);
    return state_->trouble ? state_->trouble : state_->start_trouble;
}

int RunWriter::wake_fd() const { return state_->event.fd(); }

void RunWriter::acknowledge() {
    std::uint64_t count = 0;
    (void)!::read(state_->event.fd(), &count, sizeof count);  // EAGAIN: nothing was pending
}

}  // namespace plimsoll::history
