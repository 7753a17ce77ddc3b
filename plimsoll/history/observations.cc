// SPDX-License-Identifier: Apache-2.0
// What the models learn from. Attempts are clustered by kind, newest run last, so that the newest of one kind
// are read from neighbouring pages; a run of 50 kinds in a history of a million attempts reads some thousand
// rows and never looks at the rest.
#include <fmt/format.h>

#include <limits>
#include <map>
#include <ranges>
#include <set>

#include "plimsoll/history/columns.h"
#include "plimsoll/history/database.h"
#include "plimsoll/history/sqlite.h"

namespace plimsoll::history {
namespace {

// Attempts that say something about the need: what was done, and what was stopped at a limit. One that
// failed by itself, or that the user stopped, would crowd these out and says next to nothing.
constexpr std::string_view telling =
    "('finished', 'missing_output', 'input_changed', 'out_of_memory', 'timeout', 'preempted')";

constexpr std::int64_t no_end = std::numeric_limits<std::int64_t>::max();

Result<Statement> prepare_rows(const Connection& connection, std::string_view where, std::string_view order) {
    return connection.prepare(fmt::format(
        "SELECT o.number, {}, {}, {}, {}, {} FROM attempts a JOIN kinds k ON k.id = a.kind"
        " JOIN features f USING (kind, run, task, number) JOIN profiles p USING (kind, run, task, number)"
        " JOIN told o ON o.kind = a.kind AND o.run = a.run AND o.task = a.task AND o.attempt = a.number"
        " {} AND a.ending IN {} ORDER BY {}",
        kind_columns, feature_columns, outcome_columns, reserved_columns, profile_columns, where, telling, order));
}

Result<Observation> take_observation(Statement& rows) {
    Observation one;
    one.kind = take_kind(rows);
    one.features = PLIM_TRY(take_features(rows));
    const auto outcome = PLIM_TRY(take_outcome(rows));
    if (outcome) one.ending = outcome->ending;
    const Resources reserved = PLIM_TRY(take_reserved(rows));
    one.reserved_memory = reserved.memory;
    one.reserved_cpu = reserved.cpu;
    one.profile = PLIM_TRY(take_profile(rows));
    return one;
}

/// By the numbers under which they were told.
class Gathering {
public:
    Gathering(const Connection& connection, std::int64_t before, std::int64_t through)
        : connection_(connection), before_(before), through_(through) {}

    /// Adds the newest of the kind; gives how many rows there were, those that came before included.
    Result<std::size_t> add_kind(std::int64_t kind, std::size_t limit) {
        if (!by_kind_)
            by_kind_.emplace(PLIM_TRY(prepare_rows(connection_, "WHERE a.kind = ?1 AND o.number <= ?3 AND a.run < ?4",
                                                   "a.kind DESC, a.run DESC, a.task DESC, a.number DESC LIMIT ?2")));
        by_kind_->start(kind, static_cast<std::int64_t>(limit), through_, before_);
        return add_rows(*by_kind_);
    }
    Result<std::size_t> add_recent(std::size_t limit) {
        Statement recent = PLIM_TRY(
            prepare_rows(connection_, "WHERE ?1 IS NULL AND o.number <= ?3 AND a.run < ?4", "o.number DESC LIMIT ?2"));
        recent.start(std::nullopt, static_cast<std::int64_t>(limit), through_, before_);
        return add_rows(recent);
    }
    /// Newest first, whichever way they came in.
    std::vector<Observation> take() {
        std::vector<Observation> taken;
        taken.reserve(observations_.size());
        for (auto& [number, one] : std::views::reverse(observations_)) taken.push_back(std::move(one));
        return taken;
    }

private:
    Result<std::size_t> add_rows(Statement& rows) {
        std::size_t count = 0;
        for (; PLIM_TRY(rows.next()); ++count) {
            const std::int64_t number = rows.take_integer();
            if (!observations_.contains(number)) observations_.emplace(number, PLIM_TRY(take_observation(rows)));
        }
        return count;
    }

    const Connection& connection_;
    std::int64_t before_;  ///< the number of the first run that is left out
    std::optional<Statement> by_kind_;
    std::int64_t through_;
    std::map<std::int64_t, Observation> observations_;
};

/// Kinds of the tool, then those of the same program, each the last made first.
Result<std::vector<std::int64_t>> kinds_of_tool(const Connection& connection, const std::string& tool) {
    Statement rows = PLIM_TRY(connection.prepare(
        "SELECT id FROM kinds WHERE tool = ?1 OR tool = ?2 OR (tool >= ?2 || ' ' AND tool < ?2 || '!') "
        "ORDER BY tool = ?1 DESC, id DESC"));
    rows.start(tool, program_of(tool));
    std::vector<std::int64_t> kinds;
    while (PLIM_TRY(rows.next())) kinds.push_back(rows.take_integer());
    return kinds;
}

Result<void> add_tool(Gathering& gathering, const Connection& connection, const std::string& tool, std::size_t limit) {
    std::size_t found = 0;
    for (const std::int64_t kind : PLIM_TRY(kinds_of_tool(connection, tool))) {
        if (found >= limit) break;
        found += PLIM_TRY(gathering.add_kind(kind, limit - found));
    }
    return {};
}

Result<std::int64_t> number_of(const Connection& connection, const std::optional<RunId>& run) {
    if (!run) return std::numeric_limits<std::int64_t>::max();
    Statement find = PLIM_TRY(connection.prepare("SELECT number FROM runs WHERE id = ?1"));
    if (const auto number = PLIM_TRY(find.number(*run))) return *number;
    return Error{ErrorKind::not_found, "no run " + *run};
}

}  // namespace

Result<std::vector<Observation>> Database::observations(const ObservationFilter& filter) const {
    Gathering gathering(*connection_, PLIM_TRY(number_of(*connection_, filter.before)),
                        filter.through.value_or(no_end));
    Statement find =
        PLIM_TRY(connection_->prepare("SELECT id FROM kinds WHERE workflow = ?1 AND step = ?2 AND tool = ?3"));
    std::set<std::string> tools;
    for (const TaskKind& kind : filter.kinds) {
        tools.insert(kind.tool);
        if (const auto id = PLIM_TRY(find.number(kind.workflow, kind.step, kind.tool)))
            PLIM_TRY(gathering.add_kind(*id, filter.per_kind_max));
    }
    if (filter.same_tool)
        for (const std::string& tool : tools)
            if (!tool.empty()) PLIM_TRY(add_tool(gathering, *connection_, tool, filter.per_tool_max));
    if (filter.recent_max > 0) PLIM_TRY(gathering.add_recent(filter.recent_max));
    return gathering.take();
}

Result<std::int64_t> Database::told() const { return connection_->number("SELECT coalesce(max(number), 0) FROM told"); }

Result<void> Database::each_told(std::int64_t after, std::int64_t through,
                                 const std::function<void(const Observation& observation)>& take) const {
    Statement rows = PLIM_TRY(prepare_rows(*connection_, "WHERE o.number > ?1 AND o.number <= ?2", "o.number"));
    rows.start(after, through);
    while (PLIM_TRY(rows.next())) {
        (void)rows.take_integer();
        take(PLIM_TRY(take_observation(rows)));
    }
    return {};
}

}  // namespace plimsoll::history
