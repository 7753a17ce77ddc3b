// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>
#include <functional>

#include <nlohmann/json.hpp>

#include "plimsoll/base/hash.h"
#include "plimsoll/exchange/kind_names.h"
#include "plimsoll/exchange/sacct_fields.h"
#include "plimsoll/exchange/snakemake.h"
#include "plimsoll/exchange/table.h"

namespace plimsoll::exchange {
namespace {

using Json = nlohmann::json;

constexpr double mebi = 0x1p20;
constexpr double number_most = 1e9;  ///< of MiB, seconds and percent alike

/// One row, whichever form it has; "" for what is not told.
using Row = std::function<std::string(std::string_view name)>;

struct Told {
    const ReadOptions& options;
    Lines& lines;
    Into& into;
    std::string rule;  ///< where rows do not name one
};

Result<void> refuse(const Told& told, std::size_t column, std::string_view why) {
    told.into.account.refuse(told.lines.name(), told.lines.number(), column, why);
    return {};
}

/// Nothing where the field is empty or no number ("-", "NA", "nan").
std::optional<double> number(const Row& row, std::string_view name) {
    const auto value = sacct_number(row(name));
    return value && *value <= number_most ? value : std::nullopt;
}

Bytes mebibytes(const std::optional<double>& amount) {
    return Bytes{std::llround(std::min(amount.value_or(0), number_most) * mebi)};
}

void read_request(const Row& row, Request& request) {
    const std::string resources = row("resources");
    if (const auto threads = number(row, "threads"); threads && *threads > 0) request.cpu = Cores{*threads};
    if (const auto mib = number_behind(resources, "mem_mib")) request.memory = mebibytes(mib);
    else if (const auto mb = number_behind(resources, "mem_mb"); mb && *mb < number_most)
        request.memory = Bytes{std::llround(*mb * 1e6)};
    if (const auto minutes = number_behind(resources, "runtime")) request.time = from_seconds(60 * *minutes);
}

void read_profile(const Row& row, double runtime_s, Profile& profile) {
    const Bytes rss = mebibytes(number(row, "max_rss")), pss = mebibytes(number(row, "max_pss"));
    profile.runtime = from_seconds(runtime_s);
    profile.memory_peak = pss > Bytes{} ? std::min(pss, rss) : rss;
    profile.memory_high_water = rss;
    profile.read_bytes = mebibytes(number(row, "io_in"));
    profile.write_bytes = mebibytes(number(row, "io_out"));
    const auto cpu_s = number(row, "cpu_time");
    profile.cpu = from_seconds(cpu_s ? *cpu_s : number(row, "mean_load").value_or(0) / 100 * runtime_s);
    profile.source = "snakemake";
}

Imported imported_of(const Row& row, double runtime_s, std::string_view line, const Told& told) {
    std::string rule = row("rule_name");
    if (rule.empty()) rule = told.rule;
    Hasher hasher;
    hasher.add_field("snakemake");
    hasher.add_field(rule);
    hasher.add_field(line);
    Imported imported{.identity = hasher.digest().low, .attempt = {}};
    AttemptRecord& attempt = imported.attempt;
    const std::string workflow = told.options.workflow.empty() ? "snakemake" : told.options.workflow;
    attempt.id = {.task = told.into.next_task, .number = 1};
    attempt.kind = told.into.names.kind(workflow, rule, "");
    const std::string wildcards = row("wildcards");
    attempt.task_name = rule + "[" + (wildcards.empty() ? std::to_string(told.lines.number()) : wildcards) + "]";
    attempt.features.machine = "snakemake";
    const Sum inputs = sum_of_values(row("input_size_mb"));
    attempt.features.input_bytes = mebibytes(inputs.total);
    attempt.features.input_count = inputs.count;
    read_request(row, attempt.request);
    read_profile(row, runtime_s, attempt.profile);
    attempt.reserved.memory = attempt.request.memory.value_or(Bytes{});
    attempt.reserved.cpu = attempt.request.cpu.value_or(Cores{});
    attempt.shaping.reserved_byte_seconds = static_cast<double>(attempt.reserved.memory.count) * runtime_s;
    attempt.shaping.reserved_core_seconds = attempt.reserved.cpu.count * runtime_s;
    attempt.outcome = Outcome{.ending = Ending::finished};
    attempt.ended = attempt.started + attempt.profile.runtime;
    return imported;
}

Result<void> take(const Row& row, std::string_view line, const Told& told) {
    const auto runtime_s = number(row, "s");
    if (!runtime_s)
        return refuse(told, 1, fmt::format("'{}' is no number of seconds in s; run that job again", row("s")));
    if (*runtime_s < 1e-3) {
        told.into.account.skip("too short to be measured", told.lines.name(), told.lines.number());
        return {};
    }
    const Imported imported = imported_of(row, *runtime_s, line, told);
    const bool is_new = PLIM_TRY(told.into.add(imported));
    told.into.next_task += is_new;
    if (is_new && imported.attempt.profile.memory_peak == Bytes{})
        told.into.account.note("no memory told, the runtime counts: ended before Snakemake looked", told.lines.name(),
                               told.lines.number());
    return {};
}

std::string scalar_text(const Json& value) {
    if (value.is_string()) return value.get<std::string>();
    return value.is_number() ? fmt::format("{}", value.get<double>()) : std::string();
}

/// As the table would have it; of what is nested deeper nothing.
std::string text_of(const Json& value) {
    if (!value.is_object()) return scalar_text(value);
    std::string text = "{";
    for (const auto& [key, inner] : value.items())
        text += fmt::format("{}'{}': {}", text.size() > 1 ? ", " : "", key, scalar_text(inner));
    return text + "}";
}

Result<void> read_object(std::string_view line, const Told& told) {
    const Json object = Json::parse(line, nullptr, false);
    if (!object.is_object()) return refuse(told, 1, "this line is no JSON object; leave it out");
    const Row row = [&object](std::string_view name) -> std::string {
        const auto found = object.find(std::string(name));
        return found == object.end() ? std::string() : text_of(*found);
    };
    return take(row, line, told);
}

Result<void> read_table_row(Table& table, std::string_view line, const Told& told) {
    if (!table.lay_out(line))
        return refuse(told, line.size() + 1,
                      fmt::format("{} fields where the first line names {}; leave the row out", table.fields_seen(),
                                  table.names().size()));
    return take([&table](std::string_view name) { return std::string(table.field(table.column(name))); }, line, told);
}

}  // namespace

Result<void> read_snakemake(Lines& lines, const ReadOptions& options, Into& into) {
    const Told told{options, lines, into, options.step.empty() ? rule_of_file(lines.name()) : options.step};
    std::optional<Table> table;
    bool is_first = true;
    while (const std::optional<std::string_view> line = PLIM_TRY(lines.next())) {
        if (line->empty()) continue;
        const bool is_object = line->front() == '{';
        if (!is_object && (is_first || line->starts_with("s\th:m:s"))) {
            table.emplace(*line);
            if (!table->has("s") || !table->has("max_rss")) break;
        } else {
            ++into.account.rows;
            PLIM_TRY(is_object || !table ? read_object(*line, told) : read_table_row(*table, *line, told));
        }
        is_first = false;
    }
    if (!is_first) return {};
    return invalid(
        fmt::format("{}:1:1: this is no benchmark of Snakemake: it begins with s, h:m:s, max_rss or is one JSON "
                    "object a line; `benchmark: \"benchmarks/RULE/{{sample}}.tsv\"` in a rule writes one",
                    lines.name()));
}

std::string rule_of_file(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    const std::string_view file = path.substr(slash == std::string_view::npos ? 0 : slash + 1);
    if (slash != std::string_view::npos && slash > 0) {
        const std::string_view before = path.substr(0, slash);
        const std::string_view folder = before.substr(before.rfind('/') + 1);
        if (!folder.empty() && folder != "." && folder != ".." && !folder.starts_with("bench"))
            return std::string(folder);
    }
    return kind_name(file.substr(0, file.find('.')));
}

std::optional<double> number_behind(std::string_view dictionary, std::string_view key) {
    for (std::size_t at = 0; (at = dictionary.find(key, at)) != std::string_view::npos; at += key.size()) {
        if (at == 0 || (dictionary[at - 1] != '\'' && dictionary[at - 1] != '"')) continue;
        std::string_view rest = dictionary.substr(at + key.size());
        if (rest.size() < 2 || rest.front() != dictionary[at - 1]) continue;
        rest.remove_prefix(1);
        while (!rest.empty() && (rest.front() == ':' || rest.front() == ' ')) rest.remove_prefix(1);
        const auto value = sacct_number(rest.substr(0, rest.find_first_of(",}] ")));
        if (value && *value <= number_most) return value;
    }
    return std::nullopt;
}

Sum sum_of_values(std::string_view dictionary) {
    Sum sum;
    if (const auto alone = sacct_number(dictionary); alone && *alone <= number_most) return {*alone, 1};
    char quote = 0;
    for (std::size_t at = 0; at < dictionary.size(); ++at) {
        const char c = dictionary[at];
        if (quote != 0) {
            if (c == '\\') ++at;
            else if (c == quote) quote = 0;
        } else if (c == '\'' || c == '"') {
            quote = c;
        } else if (c == ':') {
            std::string_view rest = dictionary.substr(at + 1);
            while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
            const auto value = sacct_number(rest.substr(0, rest.find_first_of(",}] ")));
            if (!value || *value > number_most) continue;
            sum.total += *value;
            ++sum.count;
        }
    }
    return sum;
}

}  // namespace plimsoll::exchange
