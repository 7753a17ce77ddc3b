// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/history/open_for_run.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>
#include <utility>

#include "plimsoll/base/file.h"
#include "plimsoll/base/probe.h"
#include "plimsoll/base/random.h"
#include "plimsoll/history/memory_store.h"

namespace plimsoll::history {
namespace {

RunHistory unrecorded(const HistoryChoice& choice, const Error& why) {
    PLIM_PROBE("a run goes on without a history");
    RunHistory history;
    history.records = false;
    history.path =
        fmt::format("{}/plimsoll-{}/history.db", choice.temporary.empty() ? "/tmp" : choice.temporary, random_hex(8));
    history.warnings.push_back(
        fmt::format("{}. This run is not recorded: the next one will repeat its work and learn nothing from it; "
                    "--history FILE names a place that can be written",
                    why.message));
    return history;
}

/// Nobody's work is repeated against the record when a history that cannot be written is left alone.
bool may_go_on(const Error& error) {
    return error.kind == ErrorKind::unavailable || error.kind == ErrorKind::not_found;
}

}  // namespace

Result<RunHistory> open_for_run(const HistoryChoice& choice) {
    const Result<std::string> usual = choice.named.empty() ? default_database(choice.data_home) : choice.named;
    if (!usual) return unrecorded(choice, usual.error());
    Result<Database> opened = Database::open(*usual, {});
    if (opened) {
        RunHistory history;
        history.path = *usual;
        history.warnings = opened->warnings();
        history.database = std::move(opened).value();
        return history;
    }
    if (!choice.named.empty() || !may_go_on(opened.error())) return std::move(opened).error();
    RunHistory history = unrecorded(choice, opened.error());
    if (Result<Database> readable = Database::open(*usual, {.read_only = true}))
        history.database = std::move(readable).value();
    return history;
}

Result<std::unique_ptr<Store>> RunHistory::begin(const RunRecord& run) {
    if (records) return std::unique_ptr<Store>(PLIM_TRY(database->begin_run(run)));
    PLIM_TRY(make_folders(run_paths(path, run.id).logs, 0700));
    return std::unique_ptr<Store>(std::make_unique<MemoryStore>());
}

std::string RunHistory::temporary_folder() const { return records ? "" : path.substr(0, path.rfind('/')); }

Result<void> RunHistory::remove_temporary() const {
    const std::string folder = temporary_folder();
    if (folder.empty()) return {};
    std::error_code error;
    std::filesystem::remove_all(folder, error);
    if (error) return system_error("remove " + folder, error.value());
    return {};
}

}  // namespace plimsoll::history
