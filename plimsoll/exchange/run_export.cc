// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/exchange/run_export.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "plimsoll/base/hash.h"

namespace plimsoll::exchange {
namespace {

long long ms(Duration span) { return std::llround(seconds(span) * 1e3); }
long long ms(WallTime when) { return std::chrono::floor<std::chrono::milliseconds>(when.time_since_epoch()).count(); }

/// Tabs and line ends would end the field.
std::string plain(std::string text) {
    std::replace_if(text.begin(), text.end(), [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
    return text.empty() ? "-" : text;
}

std::string quoted(const std::string& text) {
    if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
    std::string inside;
    for (const char c : text) inside += c == '"' ? std::string("\"\"") : std::string(1, c);
    return '"' + inside + '"';
}

template <class Amount>
std::string or_empty(const std::optional<Amount>& amount, const char* none) {
    if (!amount) return none;
    return fmt::format("{}", amount->count);
}

std::string_view status_of(const Outcome& outcome) {
    return outcome.ending == Ending::finished    ? "COMPLETED"
           : outcome.ending == Ending::cancelled ? "ABORTED"
                                                 : "FAILED";
}

int exit_of(const Outcome& outcome) {
    if (outcome.ending == Ending::finished) return 0;
    if (outcome.ending == Ending::out_of_memory) return 137;
    if (outcome.ending == Ending::signal) return 128 + outcome.code;
    return outcome.code != 0 ? outcome.code : 1;
}

double cpu_percent(const Profile& profile) {
    return profile.runtime > Duration::zero() ? 100 * seconds(profile.cpu) / seconds(profile.runtime) : 0;
}

std::string trace_row(const AttemptRecord& attempt, const RunId& run) {
    const Profile& profile = attempt.profile;
    const std::string hash = hash_of(fmt::format("{}\n{}\n{}", run, attempt.task_name, attempt.id.number)).hex();
    const WallTime complete = attempt.ended.value_or(attempt.started + profile.runtime);
    const auto memory = attempt.request.memory;
    std::string text =
        fmt::format("{}\t{}/{}\t-\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t", attempt.id.task, hash.substr(0, 2),
                    hash.substr(2, 6), plain(attempt.kind.step), plain(attempt.task_name), status_of(*attempt.outcome),
                    exit_of(*attempt.outcome), attempt.id.number, or_empty(attempt.request.cpu, "-"),
                    attempt.request.time ? fmt::format("{}", ms(*attempt.request.time)) : "-", or_empty(memory, "-"));
    text += fmt::format("{}\t{}\t{}\t{}\t{:.3f}\t", ms(attempt.started), ms(attempt.started), ms(complete),
                        ms(profile.runtime), cpu_percent(profile));
    const auto measured = [&](Bytes amount) {
        return is_memory_measured(profile) ? fmt::format("{}", amount.count) : std::string("-");
    };
    return text + fmt::format("{}\t{}\t{}\t{}\t{}\t{}\n", measured(profile.memory_peak),
                              attempt.features.input_bytes.count, profile.read_bytes.count, profile.write_bytes.count,
                              plain(attempt.features.machine), plain(attempt.command));
}

}  // namespace

std::string nextflow_trace(const RunToExport& run) {
    std::string text =
        "task_id\thash\tnative_id\tprocess\tname\tstatus\texit\tattempt\tcpus\ttime\tmemory\tsubmit\tstart\tcomplete\t"
        "realtime\t%cpu\tpeak_rss\trchar\tread_bytes\twrite_bytes\thostname\tscript\n";
    for (const AttemptRecord& attempt : run.attempts)
        if (attempt.outcome) text += trace_row(attempt, run.run.id);
    return text;
}

std::string csv(const RunToExport& run) {
    std::string text =
        "run,workflow,step,tool,task,attempt,outcome,code,started,runtime_s,input_bytes,input_count,requested_cpu_"
        "cores,"
        "requested_memory_bytes,requested_time_s,reserved_cpu_cores,reserved_memory_bytes,cpu_s,memory_peak_bytes,"
        "memory_byte_seconds,read_bytes,write_bytes,processes_peak,grown,frozen,machine,measured_by\n";
    for (const AttemptRecord& attempt : run.attempts) {
        if (!attempt.outcome) continue;
        const Profile& profile = attempt.profile;
        const auto& time = attempt.request.time;
        text += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},", run.run.id, quoted(attempt.kind.workflow),
                            quoted(attempt.kind.step), quoted(attempt.kind.tool), quoted(attempt.task_name),
                            attempt.id.number, name_of(attempt.outcome->ending), attempt.outcome->code,
                            rfc3339(attempt.started), seconds(profile.runtime), attempt.features.input_bytes.count,
                            attempt.features.input_count);
        text += fmt::format("{},{},{},{},{},", or_empty(attempt.request.cpu, ""), or_empty(attempt.request.memory, ""),
                            time ? fmt::format("{}", seconds(*time)) : "", attempt.reserved.cpu.count,
                            attempt.reserved.memory.count);
        const std::string peak = is_memory_measured(profile) ? fmt::format("{}", profile.memory_peak.count) : "";
        text += fmt::format("{},{},{},{},{},{},{},{},{},{}\n", seconds(profile.cpu), peak, profile.memory_byte_seconds,
                            profile.read_bytes.count, profile.write_bytes.count, profile.processes_peak,
                            attempt.shaping.grown, attempt.shaping.frozen, quoted(attempt.features.machine),
                            quoted(profile.source));
    }
    return text;
}

}  // namespace plimsoll::exchange
