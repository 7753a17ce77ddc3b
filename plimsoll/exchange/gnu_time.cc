// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/exchange/gnu_time.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <string>

#include "plimsoll/base/hash.h"
#include "plimsoll/exchange/kind_names.h"
#include "plimsoll/exchange/sacct_fields.h"

namespace plimsoll::exchange {
namespace {

constexpr std::string_view begins = "Command being timed:";
constexpr std::string_view signalled = "Command terminated by signal ";
constexpr double block_bytes = 512;  // of "File system inputs", as getrusage(2) counts
constexpr double most = 1e15;        // of any of its numbers

struct Report {
    std::size_t line = 0;
    std::string command, text;  ///< text: all its lines, which are its identity
    int signal = 0, exit_code = 0;
    double user_s = 0, system_s = 0, peak_kib = 0, inputs = 0, outputs = 0;
    Duration elapsed{};
};

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

/// "h:mm:ss or m:ss", the seconds with a fraction.
std::optional<Duration> clock_time(std::string_view text) { return sacct_duration(text); }

std::string command_of(std::string_view value) {
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    return std::string(value);
}

std::string_view base_name(std::string_view command) {
    const std::string_view word = command.substr(0, command.find(' '));
    return word.substr(word.rfind('/') + 1);
}

class Reading {
public:
    Reading(Lines& lines, const ReadOptions& options, Into& into) : lines_(lines), options_(options), into_(into) {}

    Result<void> read(std::string_view whole) {
        const std::string_view line = trimmed(whole);
        if (line.starts_with(signalled))
            (void)std::from_chars(line.data() + signalled.size(), line.data() + line.size(), signal_);
        if (line.starts_with(begins)) {
            cut_off();
            report_.emplace(Report{.line = lines_.number(),
                                   .command = command_of(trimmed(line.substr(begins.size()))),
                                   .text = {},
                                   .signal = signal_});
            signal_ = 0;
            ++into_.account.rows;
        }
        // A report's lines are indented by a tab; what else is in the log is none of them.
        if (!report_ || !whole.starts_with('\t')) return {};
        report_->text.append(line).append(1, '\n');
        const std::size_t colon = line.rfind(": ");
        if (colon == std::string_view::npos) return {};
        return read_field(line.substr(0, colon), line.substr(colon + 2), whole);
    }

    Result<void> finish() {
        cut_off();
        if (into_.account.rows > rows_before_) return {};
        return invalid(
            fmt::format("{}:1:1: no report of GNU time is in it; `/usr/bin/time -v COMMAND` writes one to "
                        "standard error",
                        lines_.name()));
    }

private:
    Result<void> read_field(std::string_view name, std::string_view value, std::string_view line) {
        Report& report = *report_;
        const std::pair<std::string_view, double*> numbers[] = {
            {"User time (seconds)", &report.user_s},
            {"System time (seconds)", &report.system_s},
            {"Maximum resident set size (kbytes)", &report.peak_kib},
            {"File system inputs", &report.inputs},
            {"File system outputs", &report.outputs}};
        for (const auto& [known, into] : numbers) {
            if (name != known) continue;
            const auto number = sacct_number(value);
            if (!number || *number > most) return refuse(line, value, "'{}' is no number");
            *into = *number;
        }
        if (name.starts_with("Elapsed (wall clock) time")) {
            const auto elapsed = clock_time(value);
            if (!elapsed) return refuse(line, value, "'{}' is no time as h:mm:ss or m:ss");
            report.elapsed = *elapsed;
        }
        if (name != "Exit status") return {};
        (void)std::from_chars(value.data(), value.data() + value.size(), report.exit_code);
        return take();
    }

    Result<void> take() {
        const Report report = std::move(*report_);
        report_.reset();
        if (report.elapsed <= Duration::zero()) {
            into_.account.skip("too short to be measured", lines_.name(), report.line);
            return {};
        }
        Imported imported = imported_of(report);
        const bool is_new = PLIM_TRY(into_.add(imported));
        into_.next_task += is_new;
        if (is_new && imported.attempt.outcome->ending != Ending::finished)
            into_.account.note("failed or were preempted: kept, but sizes are not learnt from them", lines_.name(),
                               report.line);
        if (is_new)
            into_.account.note("peak: of the largest process alone, which is all that GNU time tells", lines_.name(),
                               report.line);
        return {};
    }

    Imported imported_of(const Report& report) const {
        Hasher hasher;
        hasher.add_field("gnu-time");
        hasher.add_field(report.text);
        Imported imported{.identity = hasher.digest().low, .attempt = {}};
        AttemptRecord& attempt = imported.attempt;
        const std::string_view step =
            options_.step.empty() ? base_name(report.command) : std::string_view(options_.step);
        attempt.id = {.task = into_.next_task, .number = 1};
        attempt.kind =
            into_.names.kind(options_.workflow.empty() ? "gnu-time" : options_.workflow, step, report.command);
        attempt.task_name = fmt::format("{}[{}]", attempt.kind.step, report.line);
        attempt.command = report.command;
        attempt.features.machine = "gnu-time";
        attempt.profile.runtime = report.elapsed;
        attempt.profile.cpu = from_seconds(report.user_s + report.system_s);
        attempt.profile.memory_peak = attempt.profile.memory_high_water =
            Bytes{static_cast<std::int64_t>(report.peak_kib * 1024)};
        attempt.profile.read_bytes = Bytes{static_cast<std::int64_t>(report.inputs * block_bytes)};
        attempt.profile.write_bytes = Bytes{static_cast<std::int64_t>(report.outputs * block_bytes)};
        attempt.profile.source = "gnu-time";
        attempt.outcome = report.signal != 0      ? Outcome{.ending = Ending::signal, .code = report.signal}
                          : report.exit_code != 0 ? Outcome{.ending = Ending::exit, .code = report.exit_code}
                                                  : Outcome{.ending = Ending::finished};
        attempt.ended = attempt.started + report.elapsed;
        return imported;
    }

    /// What there was of a report that did not come to its end.
    void cut_off() {
        if (report_)
            into_.account.refuse(lines_.name(), report_->line, 1,
                                 "this report has no Exit status: it was cut off; measure that command again");
        report_.reset();
    }
    Result<void> refuse(std::string_view line, std::string_view value, std::string_view why) {
        const auto column = static_cast<std::size_t>(value.data() - line.data()) + 1;
        into_.account.refuse(lines_.name(), lines_.number(), column,
                             fmt::format(fmt::runtime(why), value.substr(0, 40)) + "; measure that command again");
        report_.reset();
        return {};
    }

    Lines& lines_;
    const ReadOptions& options_;
    Into& into_;
    std::optional<Report> report_;
    int signal_ = 0;
    std::size_t rows_before_ = into_.account.rows;
};

}  // namespace

Result<void> read_gnu_time(Lines& lines, const ReadOptions& options, Into& into) {
    Reading reading(lines, options, into);
    while (const std::optional<std::string_view> line = PLIM_TRY(lines.next())) PLIM_TRY(reading.read(*line));
    return reading.finish();
}

}  // namespace plimsoll::exchange
