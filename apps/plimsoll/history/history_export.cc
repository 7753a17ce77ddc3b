// SPDX-License-Identifier: Apache-2.0
// plimsoll history export: every attempt with what it was given and used, as lines of JSON or as CSV. The columns are
// one table, so that both formats hold the same.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ranges>

#include <nlohmann/json.hpp>

#include "apps/plimsoll/command_frame.h"
#include "apps/plimsoll/history/history_actions.h"
#include "plimsoll/base/file.h"

namespace plimsoll::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Row {
    const RunRecord& run;
    const AttemptRecord& attempt;
};

template <class Amount>
Json count_or_null(const std::optional<Amount>& amount) {
    return amount ? Json(amount->count) : Json(nullptr);
}

Json time_or_null(Duration time) { return time > Duration{} ? Json(seconds(time)) : Json(nullptr); }

/// Measured, or null: of an attempt that was never looked at, zeros would be lies.
Json memory_or_null(const Row& row) {
    return is_memory_measured(row.attempt.profile) ? Json(row.attempt.profile.memory_peak.count) : Json(nullptr);
}

struct Column {
    const char* name;
    Json (*value)(const Row& row);
};
constexpr Column columns[] = {
    {"run", [](const Row& row) { return Json(row.run.id); }},
    {"workflow", [](const Row& row) { return Json(row.attempt.kind.workflow); }},
    {"step", [](const Row& row) { return Json(row.attempt.kind.step); }},
    {"tool", [](const Row& row) { return Json(row.attempt.kind.tool); }},
    {"task", [](const Row& row) { return Json(row.attempt.task_name); }},
    {"attempt", [](const Row& row) { return Json(row.attempt.id.number); }},
    {"machine", [](const Row& row) { return Json(row.run.machine); }},
    {"started", [](const Row& row) { return Json(rfc3339(row.attempt.started)); }},
    {"ended", [](const Row& row) { return row.attempt.ended ? Json(rfc3339(*row.attempt.ended)) : Json(nullptr); }},
    {"outcome",
     [](const Row& row) { return row.attempt.outcome ? Json(name_of(row.attempt.outcome->ending)) : Json(nullptr); }},
    {"code", [](const Row& row) { return row.attempt.outcome ? Json(row.attempt.outcome->code) : Json(nullptr); }},
    {"input_bytes", [](const Row& row) { return Json(row.attempt.features.input_bytes.count); }},
    {"input_count", [](const Row& row) { return Json(row.attempt.features.input_count); }},
    {"requested_memory_bytes", [](const Row& row) { return count_or_null(row.attempt.request.memory); }},
    {"requested_cpu_cores", [](const Row& row) { return count_or_null(row.attempt.request.cpu); }},
    {"requested_time_s", [](const Row& row) { return time_or_null(row.attempt.request.time.value_or(Duration{})); }},
    {"reserved_memory_bytes", [](const Row& row) { return Json(row.attempt.reserved.memory.count); }},
    {"reserved_cpu_cores", [](const Row& row) { return Json(row.attempt.reserved.cpu.count); }},
    {"reserved_time_s", [](const Row& row) { return time_or_null(row.attempt.reserved_time); }},
    {"memory_peak_bytes", memory_or_null},
    {"memory_byte_s", [](const Row& row) { return Json(row.attempt.profile.memory_byte_seconds); }},
    {"cpu_s", [](const Row& row) { return Json(seconds(row.attempt.profile.cpu)); }},
    {"cpu_cores_peak", [](const Row& row) { return Json(row.attempt.profile.cpu_peak.count); }},
    {"runtime_s", [](const Row& row) { return Json(seconds(row.attempt.profile.runtime)); }},
    {"read_bytes", [](const Row& row) { return Json(row.attempt.profile.read_bytes.count); }},
    {"write_bytes", [](const Row& row) { return Json(row.attempt.profile.write_bytes.count); }},
    {"grown", [](const Row& row) { return Json(row.attempt.shaping.grown); }},
    {"frozen", [](const Row& row) { return Json(row.attempt.shaping.frozen); }},
    {"frozen_s", [](const Row& row) { return Json(seconds(row.attempt.shaping.frozen_time)); }},
    {"model", [](const Row& row) { return Json(row.attempt.forecast.model); }},
    {"samples", [](const Row& row) { return Json(row.attempt.forecast.samples); }},
    {"measured_by", [](const Row& row) { return Json(row.attempt.profile.source); }},
    {"command", [](const Row& row) { return Json(row.attempt.command); }},
};

std::string json_line(const Row& row) {
    Json line = Json::object();
    for (const Column& column : columns) line[column.name] = column.value(row);
    return line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

/// RFC 4180: quoted where it has to be.
std::string csv_field(const Json& value) {
    if (value.is_null()) return {};
    std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    if (text.find_first_of("\",\r\n") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + "\"";
}

std::string csv_line(const Row& row) {
    std::string line;
    for (const Column& column : columns) line += (line.empty() ? "" : ",") + csv_field(column.value(row));
    return line + "\n";
}

std::string csv_head() {
    std::string line;
    for (const Column& column : columns) line += (line.empty() ? "" : ",") + std::string(column.name);
    return line + "\n";
}

/// Standard output, or a file that is there wholly or not at all.
class Output {
public:
    static Result<Output> open(const std::string& path) {
        if (path.empty()) return Output(path, Fd());
        auto file = open_file(path + ".part", O_WRONLY | O_CREAT | O_TRUNC, 0666);
        if (!file) return invalid("--output: " + file.error().message);
        return Output(path, std::move(*file));
    }
    Output(Output&&) = default;
    Output& operator=(Output&&) = default;
    ~Output() {
        if (file_) ::unlink((path_ + ".part").c_str());
    }
    Result<void> write(std::string_view text) {
        const int to = file_ ? file_.fd() : STDOUT_FILENO;
        while (!text.empty()) {
            const ssize_t written = ::write(to, text.data(), text.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0 && errno == EPIPE) return {};  // | head
            if (written < 0) return system_error("write " + (path_.empty() ? "to standard output" : path_));
            text.remove_prefix(static_cast<std::size_t>(written));
        }
        return {};
    }
    Result<void> finish() {
        if (!file_) return {};
        if (::rename((path_ + ".part").c_str(), path_.c_str()) != 0) return system_error("write " + path_);
        file_ = Fd();
        return {};
    }

private:
    Output(std::string path, Fd file) : path_(std::move(path)), file_(std::move(file)) {}
    std::string path_;
    Fd file_;
};

}  // namespace

Result<void> history_export(const HistoryOptions& options) {
    const history::Database database = PLIM_TRY(open_history(options.history));
    const std::vector<RunRecord> runs = PLIM_TRY(database.runs({.workflow = options.workflow, .limit = SIZE_MAX}));
    Output output = PLIM_TRY(Output::open(options.output));
    const bool as_csv = options.format == "csv";
    if (as_csv) PLIM_TRY(output.write(csv_head()));
    for (const RunRecord& run : std::views::reverse(runs)) {  // oldest first
        std::string lines;
        for (const AttemptRecord& attempt : PLIM_TRY(database.attempts(run.id)))
            lines += as_csv ? csv_line({run, attempt}) : json_line({run, attempt});
        PLIM_TRY(output.write(lines));
    }
    return output.finish();
}

}  // namespace plimsoll::cli
