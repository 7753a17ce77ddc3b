// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/history/run_writer.h"

#include <doctest/doctest.h>
#include <poll.h>
#include <sys/mount.h>

#include <algorithm>
#include <fstream>

#include "plimsoll/history/connect.h"
#include "plimsoll/history/database.h"
#include "plimsoll/history/location.h"
#include "plimsoll/history/samples_for_test.h"

using namespace plimsoll;
using namespace plimsoll::history;
using namespace std::chrono_literals;

namespace {

bool turns_readable(int fd, int within_ms = 5000) {
    pollfd wanted{.fd = fd, .events = POLLIN, .revents = 0};
    return ::poll(&wanted, 1, within_ms) == 1;
}

/// A run in a fresh database whose writer is told to be impatient.
std::unique_ptr<RunWriter> impatient_writer(const std::string& path) {
    Database database = Database::open(path, {}).value();
    REQUIRE(database.begin_run(sample_run()).value()->commit());
    return RunWriter::start({.database = path,
                             .run_number = 1,
                             .run = sample_run(),
                             .gather_time = 1ms,
                             .retry_time = 5ms,
                             .lock_time = 1ms})
        .value();
}

void append_finished(RunWriter& writer, TaskId task) {
    writer.append(AttemptStarted{sample_start(task)});
    writer.append(AttemptEnded{sample_end(task)});
    writer.append(TaskSealed{.task = task, .receipt = sample_receipt(task)});
}

}  // namespace

TEST_CASE("what was appended becomes durable without anybody asking, and the loop is woken") {
    const ScratchFolder scratch;
    Database database = Database::open(scratch / "history.db", {}).value();
    auto writer = database.begin_run(sample_run()).value();
    const std::uint64_t last =
        (append_finished(*writer, 0), writer->append(TaskChanged{sample_task(0, TaskState::finished)}));
    while (writer->durable_through() < last) {
        REQUIRE(turns_readable(writer->wake_fd()));
        writer->acknowledge();
    }
    CHECK(database.receipts("/data/flow", "variants").value().size() == 1);
    writer->acknowledge();  // of a last commit that ended between the last two looks
    CHECK_FALSE(turns_readable(writer->wake_fd(), 0));
}

TEST_CASE("an attempt leaves a trace from the moment append returns, before any commit") {
    const ScratchFolder scratch;
    const std::string path = scratch / "history.db";
    auto writer = impatient_writer(path);
    Connection other = connect(path, JournalMode::write_ahead).value();
    {
        const Transaction holds_the_lock = Transaction::begin(other).value();
        writer->append(AttemptStarted{sample_start(5)});
        const auto open = Database::open(path, {}).value().open_attempts(sample_run().id).value();
        REQUIRE(open.size() == 1);
        CHECK(open[0].task_name == "align[s5]");
        CHECK(open[0].group == "plimsoll/7f3a/5");
    }
    REQUIRE(writer->commit());
    CHECK(Database::open(path, {}).value().open_attempts(sample_run().id).value().size() == 1);
}

// Read again and again while the writer's own thread commits the start and then the end: there is always one
// moment between two reads at which the attempt goes from one place to the next.
TEST_CASE("an attempt is never out of sight while what is known of it is committed") {
    const ScratchFolder scratch;
    const std::string path = scratch / "history.db";
    auto writer = impatient_writer(path);
    const Database reader = Database::open(path, {.read_only = true}).value();
    int missed_open = 0, missed = 0;
    for (TaskId task = 0; task < 100; ++task) {
        const auto is_of_task = [&](const AttemptRecord& attempt) { return attempt.id.task == task; };
        const std::uint64_t started = writer->append(AttemptStarted{sample_start(task)});
        while (writer->durable_through() < started) {
            missed_open += std::ranges::none_of(reader.open_attempts(sample_run().id).value(), is_of_task);
            missed += reader.attempts_so_far(sample_run().id, task).value().size() != 1;
        }
        const std::uint64_t ended = writer->append(AttemptEnded{sample_end(task)});
        while (writer->durable_through() < ended)
            missed += reader.attempts_so_far(sample_run().id, task).value().size() != 1;
    }
    CHECK(missed_open == 0);
    CHECK(missed == 0);
}

TEST_CASE("what runs now has its log where it will be; what has ended, where it was") {
    const ScratchFolder scratch;
    const std::string path = scratch / "history.db";
    auto writer = impatient_writer(path);
    append_finished(*writer, 0);
    writer->append(AttemptStarted{sample_start(1)});
    const Database reader = Database::open(path, {.read_only = true}).value();
    REQUIRE(writer->commit());
    const auto all = reader.attempts_so_far(sample_run().id).value();
    REQUIRE(all.size() == 2);
    CHECK(all[0].log == sample_end(0).log);
    CHECK(all[1].log == run_paths(path, sample_run().id).logs + "/" + log_file_name("align[s1]", 1));
}

TEST_CASE("while commits fail nothing is lost: the error names what is not recorded, and later it is") {
    const ScratchFolder scratch;
    const std::string path = scratch / "history.db";
    auto writer = impatient_writer(path);
    Connection other = connect(path, JournalMode::write_ahead).value();
    {
        const Transaction holds_the_lock = Transaction::begin(other).value();
        for (TaskId task = 0; task < 7; ++task) append_finished(*writer, task);
        const Result<void> refused = writer->commit();
        REQUIRE_FALSE(refused);
        CHECK(refused.error().kind == ErrorKind::refused);
        CHECK(refused.error().message.find(
                  "7 finished tasks (align[s0], align[s1], align[s2], align[s3], align[s4], ...)") !=
              std::string::npos);
        REQUIRE(turns_readable(writer->wake_fd()));
        CHECK(writer->trouble());
        CHECK(writer->durable_through() == 0);
        append_finished(*writer, 7);
    }
    REQUIRE(writer->commit());
    CHECK_FALSE(writer->trouble());
    CHECK(Database::open(path, {}).value().attempts(sample_run().id).value().size() == 8);
}

TEST_CASE("trouble ends by itself when its cause does") {
    const ScratchFolder scratch;
    const std::string path = scratch / "history.db";
    auto writer = impatient_writer(path);
    Connection other = connect(path, JournalMode::write_ahead).value();
    {
        const Transaction holds_the_lock = Transaction::begin(other).value();
        append_finished(*writer, 0);
        while (!writer->trouble()) REQUIRE(turns_readable(writer->wake_fd()));
    }
    while (writer->durable_through() < 3) {
        REQUIRE(turns_readable(writer->wake_fd()));
        writer->acknowledge();
    }
    CHECK_FALSE(writer->trouble());
}

TEST_CASE("a writer that goes out of scope commits what it holds") {
    const ScratchFolder scratch;
    const std::string path = scratch / "history.db";
    append_finished(*impatient_writer(path), 0);
    CHECK(Database::open(path, {}).value().attempts(sample_run().id).value().size() == 1);
}

TEST_CASE("the trace of starts goes when the run has ended") {
    const ScratchFolder scratch;
    const std::string path = scratch / "history.db";
    auto writer = impatient_writer(path);
    append_finished(*writer, 0);
    REQUIRE(writer->commit());
    CHECK(std::filesystem::exists(run_paths(path, sample_run().id).started));
    writer->append(RunEnded{.state = RunState::finished, .at = at_second(9)});
    REQUIRE(writer->commit());
    writer.reset();
    CHECK_FALSE(std::filesystem::exists(run_paths(path, sample_run().id).started));
}

TEST_CASE("a full disk is trouble, and room made on it ends the trouble without loss") {
    const ScratchFolder scratch;
    if (::mount("tmpfs", scratch.path().c_str(), "tmpfs", 0, "size=1m,mode=0700") != 0) {
        MESSAGE("skipped: needs a small file system of its own, which only root may mount");
        return;
    }
    {
        auto writer = impatient_writer(scratch / "history.db");
        std::ofstream(scratch / "ballast") << std::string(1 << 20, 'x');
        TaskId task = 0;
        while (!writer->trouble() && task < 5000) {
            append_finished(*writer, task++);
            (void)writer->commit();
        }
        REQUIRE(writer->trouble());
        CHECK(writer->trouble()->kind == ErrorKind::unavailable);
        const Result<void> failed = writer->commit();
        REQUIRE_FALSE(failed);
        CHECK(failed.error().message.find("which will run again") != std::string::npos);
        std::filesystem::remove(scratch / "ballast");
        CHECK(writer->commit());
        const Database database = Database::open(scratch / "history.db", {}).value();
        CHECK(database.attempts(sample_run().id).value().size() == task);
        CHECK(database.faults().value().empty());
    }
    ::umount2(scratch.path().c_str(), MNT_DETACH);
}
