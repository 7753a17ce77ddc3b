// SPDX-License-Identifier: Apache-2.0
// plimsoll history (what there is), history keep, and forget --keep-size.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "apps/plimsoll/command_frame.h"
#include "apps/plimsoll/history/history_actions.h"
#include "plimsoll/base/clock.h"
#include "plimsoll/base/log.h"
#include "plimsoll/history/location.h"

namespace plimsoll::cli {
namespace {

using Json = nlohmann::ordered_json;
using history::Database;
using history::Retention;

constexpr std::size_t workflows_listed = 20;

void print_json(const Json& json) { print(json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"); }

std::string day(WallTime time) { return rfc3339(time).substr(0, 10); }

std::string told_age(Duration age) {
    const auto days = std::chrono::duration_cast<std::chrono::hours>(age).count() / 24;
    return age == std::chrono::hours(24) * days && days > 0 ? fmt::format("{} {}", days, days == 1 ? "day" : "days")
                                                            : format(age);
}

std::string told(const Retention& kept) {
    if (kept.keeps_all()) return "everything, for ever";
    std::string text;
    if (kept.age) text += "for " + told_age(*kept.age);
    if (kept.size) text += fmt::format("{}up to {}", text.empty() ? "" : ", ", format(*kept.size));
    return text;
}

Json retention_json(const Retention& kept) {
    return {{"age_s", kept.age ? Json(seconds(*kept.age)) : Json(nullptr)},
            {"size_bytes", kept.size ? Json(kept.size->count) : Json(nullptr)}};
}

Json overview_json(const history::Overview& overview, const std::string& path) {
    const auto time = [](const auto& at) { return at ? Json(rfc3339(*at)) : Json(nullptr); };
    Json all = {{"history", path},
                {"database_bytes", overview.database.count},
                {"database_free_bytes", overview.database_free.count},
                {"folders_bytes", overview.folders.count},
                {"runs", overview.runs},
                {"attempts", overview.attempts},
                {"kinds", overview.kinds},
                {"decisions", overview.decisions},
                {"receipts", overview.receipts},
                {"oldest", time(overview.oldest)},
                {"newest", time(overview.newest)},
                {"keep", retention_json(overview.retention)},
                {"workflows", Json::array()}};
    for (const history::WorkflowShare& share : overview.workflows)
        all["workflows"].push_back({{"workflow", share.workflow},
                                    {"runs", share.runs},
                                    {"attempts", share.attempts},
                                    {"folders_bytes", share.folders.count},
                                    {"oldest", rfc3339(share.oldest)},
                                    {"newest", rfc3339(share.newest)}});
    return all;
}

std::string counted(std::int64_t count, std::string_view noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string workflows_table(const history::Overview& overview) {
    if (overview.workflows.empty()) return {};
    std::string text =
        fmt::format("\n{:<24} {:>6} {:>9} {:>10}  {:<10}  {}\n", "WORKFLOW", "RUNS", "ATTEMPTS", "LOGS", "FROM", "TO");
    for (std::size_t at = 0; at < std::min(overview.workflows.size(), workflows_listed); ++at) {
        const history::WorkflowShare& share = overview.workflows[at];
        text += fmt::format("{:<24} {:>6} {:>9} {:>10}  {:<10}  {}\n", share.workflow, share.runs, share.attempts,
                            format(share.folders), day(share.oldest), day(share.newest));
    }
    if (overview.workflows.size() > workflows_listed)
        text +=
            fmt::format("... and {} smaller ones; --json lists all\n", overview.workflows.size() - workflows_listed);
    return text;
}

std::string overview_text(const history::Overview& overview, const std::string& path) {
    std::string text = path + "\n";
    text += fmt::format("  database   {}, {} of it free: {} of {}\n", format(overview.database),
                        format(overview.database_free), counted(overview.attempts, "attempt"),
                        counted(overview.kinds, "kind"));
    text += fmt::format("  logs       {} beside it\n", format(overview.folders));
    if (overview.oldest)
        text += fmt::format("  runs       {}, from {} to {}\n", overview.runs, day(*overview.oldest),
                            day(*overview.newest));
    text += fmt::format("  kept       {}\n", told(overview.retention));
    if (overview.retention.keeps_all())
        text += "             `plimsoll history keep --for 90d --size 1G` sets an end to it\n";
    return text + workflows_table(overview);
}

std::string shrunk_text(const history::Shrunk& shrunk) {
    if (!shrunk.removed_any()) return fmt::format("nothing had to go: {} are kept\n", format(shrunk.after));
    std::string what;
    if (!shrunk.details.empty())
        what =
            fmt::format("logs and decisions of {}", counted(static_cast<std::int64_t>(shrunk.details.size()), "run"));
    if (!shrunk.runs.empty())
        what += fmt::format("{}{} wholly", what.empty() ? "" : ", ",
                            counted(static_cast<std::int64_t>(shrunk.runs.size()), "run"));
    return fmt::format("forgot {}: {}, was {}\n", what, format(shrunk.after), format(shrunk.before));
}

}  // namespace

void print_shrunk(const history::Shrunk& shrunk, bool as_json) {
    if (!as_json) return print(shrunk_text(shrunk));
    print_json({{"runs", shrunk.runs},
                {"receipts", 0},
                {"details", shrunk.details},
                {"before_bytes", shrunk.before.count},
                {"after_bytes", shrunk.after.count}});
}

Result<void> history_overview(const HistoryOptions& options) {
    const Database database = PLIM_TRY(open_history(options.history));
    const history::Overview overview = PLIM_TRY(database.overview());
    if (options.json) print_json(overview_json(overview, database.path()));
    else print(overview_text(overview, database.path()));
    return {};
}

Result<void> history_keep(const HistoryOptions& options) {
    const bool sets = options.keep_all || !options.keep_for.empty() || !options.keep_size.empty();
    if (options.keep_all && (!options.keep_for.empty() || !options.keep_size.empty()))
        return invalid("--all keeps everything; give it alone, or --for and --size");
    Database database = PLIM_TRY(sets ? open_writable(options) : open_history(options.history));
    Retention kept = PLIM_TRY(database.retention());
    if (options.keep_all) kept = {};
    if (!options.keep_for.empty()) {
        const auto age = parse_duration(options.keep_for);
        if (!age) return age.error().within("--for");
        kept.age = *age;
    }
    if (!options.keep_size.empty()) {
        const auto size = parse_bytes(options.keep_size);
        if (!size) return size.error().within("--size");
        kept.size = *size;
    }
    if (sets) PLIM_TRY(database.keep(kept));
    if (options.json) print_json({{"history", database.path()}, {"keep", retention_json(kept)}});
    else
        print(fmt::format("kept: {}\n{}", told(kept),
                          sets && !kept.keeps_all() ? "what is beyond that goes after the next run\n" : ""));
    return {};
}

Result<void> history_shrink(const HistoryOptions& options) {
    const auto size = parse_bytes(options.keep_size);
    if (!size) return size.error().within("--keep-size");
    Database database = PLIM_TRY(open_writable(options));
    const history::Shrunk shrunk = PLIM_TRY(database.shrink({.size = *size}, MachineClock().wall()));
    // Who asks for it now wants the space on the disk, not in the database.
    if (const history::Sizes sizes = PLIM_TRY(database.sizes()); sizes.free.count * 4 > sizes.file.count)
        PLIM_TRY(database.vacuum());
    print_shrunk(shrunk, options.json);
    return {};
}

void keep_what_is_set(std::optional<Database>& database, WallTime now) {
    if (!database) return;
    const auto shrunk = database->shrink_if_due(now);
    if (!shrunk) return log(LogLevel::warning, "what `history keep` has set was not done: " + shrunk.error().message);
    if (!*shrunk || !(*shrunk)->removed_any()) return;
    std::fprintf(stderr, "plimsoll: as `history keep` has set: %s", shrunk_text(**shrunk).c_str());
}

}  // namespace plimsoll::cli
