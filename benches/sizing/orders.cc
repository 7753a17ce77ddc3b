// SPDX-License-Identifier: Apache-2.0
#include "benches/sizing/orders.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <sstream>

#include "benches/sizing/gz.h"
#include "plimsoll/base/random.h"

namespace plimsoll::benches {
namespace {

constexpr std::size_t least_rows = 34;  ///< of a kind in S
constexpr double learnt_share_s = 0.7;  ///< as in the published split
constexpr double learnt_share_w = 0.3;
constexpr int seeds_t = 10;

template <class Value>
void shuffle(std::vector<Value>& values, Rng& rng) {
    for (std::size_t left = values.size(); left > 1; --left)
        std::swap(values[left - 1],
                  values[static_cast<std::size_t>(rng.between(0, static_cast<std::int64_t>(left) - 1))]);
}

/// The kinds that S scores, with their rows.
std::map<std::string, std::vector<std::size_t>> kinds_for_s(const std::vector<TraceTask>& trace) {
    std::map<std::string, std::vector<std::size_t>> rows;
    std::set<std::string> timeless;
    for (const TraceTask& task : trace) {
        if (task.rss <= 0) continue;
        rows[task.kind].push_back(task.row);
        if (task.runtime_s <= 0) timeless.insert(task.kind);
    }
    std::erase_if(rows,
                  [&](const auto& kind) { return kind.second.size() < least_rows || timeless.contains(kind.first); });
    return rows;
}

Splits draw_s(const std::vector<TraceTask>& trace, std::uint64_t seed) {
    Rng rng(seed);
    Splits splits{.by_kind = {}, .drawn = true};
    for (auto& [kind, rows] : kinds_for_s(trace)) {
        shuffle(rows, rng);
        const auto learnt = static_cast<std::ptrdiff_t>(learnt_share_s * static_cast<double>(rows.size()));
        splits.by_kind[kind] = {.learnt = {rows.begin(), rows.begin() + learnt},
                                .scored = {rows.begin() + learnt, rows.end()}};
    }
    return splits;
}

/// Nothing where the folder has no such file.
Result<std::optional<Table>> table_if_there(const std::string& path) {
    if (!std::filesystem::exists(path)) return std::optional<Table>();
    return std::optional<Table>(PLIM_TRY(Table::read(path)));
}

}  // namespace

Result<Splits> split_for_s(const std::string& folder, const std::vector<TraceTask>& trace, std::uint64_t seed) {
    const std::optional<Table> table = PLIM_TRY(table_if_there(folder + "/protocol_s_order.csv.gz"));
    Splits splits;
    if (table && !trace.empty()) {
        const std::size_t workflow = PLIM_TRY(table->column("workflow")), process = PLIM_TRY(table->column("process"));
        const std::size_t row = PLIM_TRY(table->column("row")), fold = PLIM_TRY(table->column("fold"));
        const std::size_t place = PLIM_TRY(table->column("pos"));
        std::map<std::string, std::map<std::pair<bool, int>, std::size_t>> ordered;
        for (std::size_t at = 0; at < table->rows(); ++at)
            if (table->text(at, workflow) == trace.front().workflow)
                ordered[std::string(table->text(at, process))]
                       [{table->text(at, fold) != "train", static_cast<int>(table->number(at, place))}] =
                           static_cast<std::size_t>(table->number(at, row));
        for (const auto& [kind, rows] : ordered)
            for (const auto& [key, value] : rows)
                (key.first ? splits.by_kind[kind].scored : splits.by_kind[kind].learnt).push_back(value);
    }
    return splits.by_kind.empty() ? draw_s(trace, seed) : splits;
}

Result<Rows> learnt_for_w(const std::string& folder, const std::vector<TraceTask>& trace, std::uint64_t seed) {
    const std::optional<Table> table = PLIM_TRY(table_if_there(folder + "/protocol_w_order.csv.gz"));
    Rows learnt;
    if (table && !trace.empty()) {
        const std::size_t workflow = PLIM_TRY(table->column("workflow")), row = PLIM_TRY(table->column("row"));
        for (std::size_t at = 0; at < table->rows(); ++at)
            if (table->text(at, workflow) == trace.front().workflow)
                learnt.rows.insert(static_cast<std::size_t>(table->number(at, row)));
    }
    if (!learnt.rows.empty()) return learnt;
    Rng rng(seed);
    learnt.drawn = true;
    for (const TraceTask& task : trace)
        if (rng.uniform() < learnt_share_w) learnt.rows.insert(task.row);
    return learnt;
}

Result<Halves> halves_for_t(const std::string& folder, const std::vector<SeriesTask>& tasks, std::uint64_t seed) {
    const std::optional<Table> table = PLIM_TRY(table_if_there(folder + "/protocol_t_split.csv.gz"));
    std::set<std::int64_t> there;
    for (const SeriesTask& task : tasks) there.insert(task.id);
    Halves halves;
    if (table) {
        const std::size_t drawn = PLIM_TRY(table->column("seed")), ids = PLIM_TRY(table->column("learnt_ids"));
        const std::size_t kind = PLIM_TRY(table->column("task"));
        std::set<std::string> kinds;
        for (const SeriesTask& task : tasks) kinds.insert(task.kind);
        for (std::size_t row = 0; row < table->rows(); ++row) {
            if (!kinds.contains(std::string(table->text(row, kind)))) continue;
            std::istringstream text{std::string(table->text(row, ids))};
            for (std::int64_t id = 0; text >> id;)
                if (there.contains(id)) halves.learnt_by_seed[static_cast<int>(table->number(row, drawn))].insert(id);
        }
    }
    if (!halves.learnt_by_seed.empty()) return halves;
    halves.drawn = true;
    for (int one = 0; one < seeds_t; ++one) {
        Rng rng(seed + static_cast<std::uint64_t>(one));
        for (const SeriesTask& task : tasks)
            if (rng.uniform() < 0.5) halves.learnt_by_seed[one].insert(task.id);
    }
    return halves;
}

}  // namespace plimsoll::benches
