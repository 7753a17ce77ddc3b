// SPDX-License-Identifier: Apache-2.0
// What the models learn from. Attempts are clustered by kind, newest run last, so that the newest of one kind
// are read from neighbouring pages; a run of 50 kinds in a history of a million attempts reads some thousand
// rows and never looks at the rest.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <set>
#include <tuple>

#include "plimsoll/history/columns.h"
#include "plimsoll/history/database.h"
#include "plimsoll/history/sqlite.h"

namespace plimsoll::history {
namespace {

// Attempts that say something about the need: what was done, and what was stopped at a limit. One that
// failed by itself, or that the user stopped, would crowd these out and says next to nothing.
constexpr std::string_view telling =
    "('finished', 'missing_output', 'input_changed', 'out_of_memory', 'timeout', 'preempted')";

using Key = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t>;

class Gathering {
public:
    Gathering(const Connection& connection, std::int64_t before) : connection_(connection), before_(before) {}

    /// Adds the newest of the kind; gives how many rows there were, those that came before included.
    Result<std::size_t> add_kind(std::int64_t kind, std::size_t limit) {
        if (!by_kind_)
            by_kind_.emplace(
                PLIM_TRY(prepare("WHERE a.kind = ?1", "a.kind DESC, a.run DESC, a.task DESC, a.number DESC")));
        by_kind_->start(kind, static_cast<std::int64_t>(limit), before_);
        return add_rows(*by_kind_);
    }
    Result<std::size_t> add_recent(std::size_t limit) {
        Statement recent = PLIM_TRY(prepare("WHERE ?1 IS NULL", "a.run DESC, a.task DESC, a.number DESC"));
        recent.start(std::nullopt, static_cast<std::int64_t>(limit), before_);
        return add_rows(recent);
    }
    /// Newest first: by run, task and try, whichever way they came in.
    std::vector<Observation> take() {
        std::vector<std::size_t> order(observations_.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::sort(order.begin(), order.end(), [this](std::size_t a, std::size_t b) { return when_[a] > when_[b]; });
        std::vector<Observation> taken;
        taken.reserve(order.size());
        for (const std::size_t at : order) taken.push_back(std::move(observations_[at]));
        return taken;
    }

private:
    Result<Statement> prepare(std::string_view where, std::string_view order) const {
        return connection_.prepare(fmt::format(
            "SELECT a.kind, a.run, a.task, a.number, {}, {}, {}, {}, {} FROM attempts a JOIN kinds k ON k.id = a.kind"
            " JOIN features f USING (kind, run, task, number) JOIN profiles p USING (kind, run, task, number)"
            " {} AND a.run < ?3 AND a.ending IN {} ORDER BY {} LIMIT ?2",
            kind_columns, feature_columns, outcome_columns, reserved_columns, profile_columns, where, telling, order));
    }

    Result<std::size_t> add_rows(Statement& rows) {
        std::size_t count = 0;
        for (; PLIM_TRY(rows.next()); ++count) {
            const Key key{rows.take_integer(), rows.take_integer(), rows.take_integer(), rows.take_integer()};
            if (!seen_.insert(key).second) continue;
            Observation one;
            one.kind = take_kind(rows);
            one.features = PLIM_TRY(take_features(rows));
            const auto outcome = PLIM_TRY(take_outcome(rows));
            if (outcome) one.ending = outcome->ending;
            const Resources reserved = PLIM_TRY(take_reserved(rows));
            one.reserved_memory = reserved.memory;
            one.reserved_cpu = reserved.cpu;
            one.profile = PLIM_TRY(take_profile(rows));
            observations_.push_back(std::move(one));
            when_.emplace_back(std::get<1>(key), std::get<2>(key), std::get<3>(key));
        }
        return count;
    }

    const Connection& connection_;
    std::int64_t before_;  ///< the number of the first run that is left out
    std::optional<Statement> by_kind_;
    std::set<Key> seen_;
    std::vector<Observation> observations_;
    std::vector<std::tuple<std::int64_t, std::int64_t, std::int64_t>> when_;  ///< of each: run, task, try
};

/// Kinds of the tool, then those of the same program (the tool's first word), each the last made first.
Result<std::vector<std::int64_t>> kinds_of_tool(const Connection& connection, const std::string& tool) {
    Statement rows = PLIM_TRY(connection.prepare(
        "SELECT id FROM kinds WHERE tool = ?1 OR tool = ?2 OR (tool >= ?2 || ' ' AND tool < ?2 || '!') "
        "ORDER BY tool = ?1 DESC, id DESC"));
    rows.start(tool, tool.substr(0, tool.find(' ')));
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
    Gathering gathering(*connection_, PLIM_TRY(number_of(*connection_, filter.before)));
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

}  // namespace plimsoll::history
