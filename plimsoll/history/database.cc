// SPDX-License-Identifier: Apache-2.0
// Opening, recording that a run begins, and clearing up after runs that were cut off. Reading for people
// is in database_reads.cc, for the models in observations.cc, forgetting in forget.cc.
#include "plimsoll/history/database.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <set>
#include <utility>

#include "plimsoll/base/file.h"
#include "plimsoll/history/attempts.h"
#include "plimsoll/history/connect.h"
#include "plimsoll/history/location.h"
#include "plimsoll/history/rows.h"
#include "plimsoll/history/schema.h"
#include "plimsoll/history/set_aside.h"
#include "plimsoll/history/started_file.h"

namespace plimsoll::history {
namespace {

/// The file with mode 0600 whatever the umask, in folders of 0700. An existing one is not touched, nor
/// opened: closing a descriptor would drop the locks SQLite holds on it.
Result<void> create_file(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    if (slash != std::string::npos) PLIM_TRY(make_folders(path.substr(0, slash), 0700));
    const Result<Fd> made = open_file(path, O_RDWR | O_CREAT | O_EXCL, 0600);
    struct stat found{};
    if (!made && ::stat(path.c_str(), &found) < 0) return made.error();
    if (!made && !S_ISREG(found.st_mode)) return unavailable("it is no ordinary file; name another with --history");
    if (made && ::fchmod(made->fd(), 0600) < 0) return system_error("set the permissions of " + path);
    return {};
}

struct Opened {
    Connection connection;
    std::vector<std::string> warnings;
};

Result<Opened> open_writable(const std::string& path) {
    PLIM_TRY(create_file(path));
    const JournalMode mode = PLIM_TRY(journal_mode_for(path));
    Opened opened{.connection = PLIM_TRY(connect(path, mode)), .warnings = {}};
    PLIM_TRY(migrate(opened.connection, migrations()));
    if (mode == JournalMode::rollback)
        opened.warnings.push_back(
            fmt::format("history {} lies on a network file system: slower, and two machines should not write it at the "
                        "same time; --history names one on a local disk",
                        path));
    return opened;
}

Result<Opened> open_for_reading(const std::string& path) {
    Opened opened{.connection = PLIM_TRY(connect_read_only(path)), .warnings = {}};
    PLIM_TRY(check_version(opened.connection, migrations()));
    return opened;
}

}  // namespace

Database::Database(std::string path, std::unique_ptr<Connection> connection)
    : path_(std::move(path)), connection_(std::move(connection)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

Result<Database> Database::open(const std::string& path, const OpenOptions& options) {
    Result<Opened> opened = options.read_only ? open_for_reading(path) : open_writable(path);
    std::vector<std::string> warnings;
    if (!opened && opened.error().kind == ErrorKind::damaged && options.fresh_if_damaged && !options.read_only) {
        const std::string aside = PLIM_TRY(set_aside(path, options.now));
        warnings.push_back(fmt::format("history {} was damaged ({}): it is kept as {}, and a fresh one begins", path,
                                       opened.error().message, aside));
        opened = open_writable(path);
    }
    if (!opened) return std::move(opened).error().within("history " + path);
    Database database(path, std::make_unique<Connection>(std::move(opened->connection)));
    database.warnings_ = std::move(warnings);
    database.warnings_.insert(database.warnings_.end(), opened->warnings.begin(), opened->warnings.end());
    return database;
}

Result<std::unique_ptr<RunWriter>> Database::begin_run(const RunRecord& run) {
    const Result<std::int64_t> number = insert_run(*connection_, run);
    if (!number) return number.error().within("history " + path_);
    PLIM_TRY(make_folders(run_paths(path_, run.id).logs, 0700));
    return RunWriter::start({.database = path_, .run_number = *number, .run = run});
}

Result<std::vector<RunRecord>> Database::interrupted_runs(
    const std::function<bool(const ProcessIdentity&)>& lives) const {
    std::vector<RunRecord> found = PLIM_TRY(runs({.state = RunState::running, .limit = SIZE_MAX}));
    std::erase_if(found, [&](const RunRecord& run) { return lives(run.owner); });
    return found;
}

Result<std::vector<AttemptRecord>> Database::open_attempts(const RunId& run) const {
    // The run commits meanwhile. Read from the earliest trace of an attempt to the latest, none is missed on its way.
    std::vector<AttemptRecord> traces = PLIM_TRY(read_started(run_paths(path_, run).started));
    std::vector<AttemptRecord> open = PLIM_TRY(read_attempts(*connection_, run, {.only_open = true}));
    Statement find_ended =
        PLIM_TRY(connection_->prepare("SELECT 1 FROM attempts WHERE run = (SELECT number FROM runs WHERE id = ?1)"
                                      " AND task = ?2 AND number = ?3 AND ending IS NOT NULL"));
    for (AttemptRecord& begun : traces) {
        const auto known =
            std::find_if(open.begin(), open.end(), [&](const AttemptRecord& one) { return one.id == begun.id; });
        if (known != open.end() && !begun.group.empty()) known->group = begun.group;
        if (known == open.end() && !PLIM_TRY(find_ended.number(run, begun.id.task, begun.id.number)))
            open.push_back(std::move(begun));
    }
    std::sort(open.begin(), open.end(), [](const AttemptRecord& a, const AttemptRecord& b) { return a.id < b.id; });
    return open;
}

Result<std::vector<AttemptRecord>> Database::attempts_so_far(const RunId& run, std::optional<TaskId> task) const {
    // The open ones first: one that ends meanwhile is then read twice, and not missed.
    std::vector<AttemptRecord> open = PLIM_TRY(open_attempts(run));
    std::vector<AttemptRecord> all = PLIM_TRY(attempts(run, task));
    std::erase_if(all, [](const AttemptRecord& attempt) { return !attempt.outcome; });
    std::set<AttemptId> ended;
    for (const AttemptRecord& attempt : all) ended.insert(attempt.id);
    const std::string logs = run_paths(path_, run).logs;
    for (AttemptRecord& attempt : open) {
        if (ended.contains(attempt.id) || (task && attempt.id.task != *task)) continue;
        attempt.log = logs + "/" + log_file_name(attempt.task_name, attempt.id.number);
        all.push_back(std::move(attempt));
    }
    return all;
}

Result<void> Database::mark_interrupted(const RunId& run, WallTime at) {
    const RunRecord record = PLIM_TRY(this->run(run));
    const std::vector<AttemptRecord> lost = PLIM_TRY(open_attempts(record.id));
    Transaction transaction = PLIM_TRY(Transaction::begin(*connection_));
    Statement find = PLIM_TRY(connection_->prepare("SELECT number FROM runs WHERE id = ?1 AND state = 'running'"));
    const std::optional<std::int64_t> number = PLIM_TRY(find.number(record.id));
    if (!number) return {};
    RunRows rows = PLIM_TRY(RunRows::prepare(*connection_, *number, record));
    for (AttemptRecord attempt : lost) {
        attempt.ended = at;
        attempt.outcome = Outcome{.ending = Ending::lost, .code = 0, .detail = "Plimsoll ended before it did"};
        PLIM_TRY(rows.write(AttemptEnded{std::move(attempt)}));
    }
    Statement cancel =
        PLIM_TRY(connection_->prepare("UPDATE tasks SET state = 'cancelled', reason = 'the run was interrupted'"
                                      " WHERE run = ?1 AND state IN ('waiting', 'ready', 'running')"));
    PLIM_TRY(cancel.run(*number));
    PLIM_TRY(rows.write(RunEnded{.state = RunState::interrupted, .at = at}));
    PLIM_TRY(transaction.commit());
    ::unlink(run_paths(path_, record.id).started.c_str());
    return {};
}

}  // namespace plimsoll::history
