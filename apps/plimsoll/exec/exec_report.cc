// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/exec/exec_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include <nlohmann/json.hpp>

#include "apps/plimsoll/wrapped.h"

namespace plimsoll::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t longest_name = 40;

std::string told_end(const AttemptRecord& attempt) {
    const std::string time = format(attempt.profile.runtime);
    if (!attempt.outcome) return "has not ended";
    if (attempt.outcome->ending == Ending::finished) return "done in " + time;
    if (attempt.outcome->ending == Ending::not_started) return describe(*attempt.outcome);
    return fmt::format("{} after {}", describe(*attempt.outcome), time);
}

std::string told_name(const std::string& name) {
    if (name.size() <= longest_name) return name;
    return fmt::format("{}...", std::string_view(name).substr(0, longest_name - 3));
}

std::string row(std::string_view name, const std::string& used, const std::string& reserved, const std::string& next) {
    return fmt::format("  {:<8}{:>12}{:>12}{:>12}\n", name, used, reserved, next);
}

std::string known_time(Duration time) { return time > Duration{} ? format(time) : "unknown"; }

/// The kernel charges in steps: of a small program nothing may be seen.
std::string told_peak(const Profile& used) {
    if (!is_memory_measured(used)) return "too short";
    return used.memory_peak > Bytes{} ? format(used.memory_peak) : "too small";
}

Cores mean_cores(const Profile& profile) { return {seconds(profile.cpu) / std::max(1e-9, seconds(profile.runtime))}; }

std::string times(int count) { return count == 1 ? "once" : fmt::format("{} times", count); }

/// "sized by 3 past runs; grown once, waited 2.00 s for memory"
std::string told_sizing(const AttemptRecord& attempt) {
    std::string text = attempt.forecast.source == Provenance::request
                           ? std::string(attempt.request.memory || attempt.request.cpu
                                             ? "sized by the request: nothing was known of it"
                                             : "a cautious share: nothing was known of it")
                           : fmt::format("sized by {} past {}", attempt.forecast.samples,
                                         attempt.forecast.samples == 1 ? "run" : "runs");
    if (attempt.forecast.source != Provenance::request && attempt.forecast.source != Provenance::kind)
        text += fmt::format(" of the same {}", name_of(attempt.forecast.source));
    if (attempt.shaping.grown > 0) text += fmt::format("; grown {}", times(attempt.shaping.grown));
    if (attempt.shaping.frozen > 0) text += fmt::format("; waited {} for memory", format(attempt.shaping.frozen_time));
    return "  (" + wrapped(text + ")", 3, 3);
}

Json amounts_json(Bytes memory, Cores cpu, Duration runtime) {
    return {{"memory_bytes", memory.count},
            {"cpu_cores", cpu.count},
            {"runtime_s", runtime > Duration{} ? Json(seconds(runtime)) : Json(nullptr)}};
}

Json used_json(const Profile& used) {
    return {{"memory_peak_bytes", is_memory_measured(used) ? Json(used.memory_peak.count) : Json(nullptr)},
            {"cpu_s", seconds(used.cpu)},
            {"runtime_s", seconds(used.runtime)},
            {"read_bytes", used.read_bytes.count},
            {"write_bytes", used.write_bytes.count}};
}

void add_attempt(Json& all, const AttemptRecord& attempt) {
    all["command"] = attempt.command;
    all["started"] = rfc3339(attempt.started);
    all["outcome"] = attempt.outcome ? Json(name_of(attempt.outcome->ending)) : Json(nullptr);
    if (attempt.outcome && attempt.outcome->ending != Ending::finished) all["cause"] = describe(*attempt.outcome);
    all["kind"] = {{"workflow", attempt.kind.workflow}, {"step", attempt.kind.step}, {"tool", attempt.kind.tool}};
    all["used"] = used_json(attempt.profile);
    all["reserved"] = amounts_json(attempt.reserved.memory, attempt.reserved.cpu, attempt.reserved_time);
    all["samples"] = attempt.forecast.samples;
    all["source"] = name_of(attempt.forecast.source);
    all["grown"] = attempt.shaping.grown;
    all["frozen"] = attempt.shaping.frozen;
    all["frozen_s"] = seconds(attempt.shaping.frozen_time);
}

}  // namespace

std::string exec_text(const ExecReport& report) {
    const std::string name = told_name(report.name);
    if (!report.attempt) return fmt::format("plimsoll: {} was not started\n", name);
    const AttemptRecord& attempt = *report.attempt;
    std::string text = fmt::format("plimsoll: {}: {}\n", name, told_end(attempt));
    if (attempt.outcome && attempt.outcome->ending == Ending::not_started) return text;
    const Profile& used = attempt.profile;
    text += row("", "used", "reserved", "next time");
    text += row("memory", told_peak(used), format(attempt.reserved.memory), format(report.next.amounts.memory));
    text += row("cores", format(mean_cores(used)), format(attempt.reserved.cpu), format(report.next.amounts.cpu));
    text += row("time", format(used.runtime), known_time(attempt.reserved_time), known_time(report.next.runtime));
    text += fmt::format("  {:<8}{:>12}\n", "CPU time", format(used.cpu));
    return text + told_sizing(attempt);
}

std::string exec_json(const ExecReport& report) {
    Json all = {{"run", report.run}, {"name", report.name}, {"exit_code", report.exit_code}};
    if (report.attempt) add_attempt(all, *report.attempt);
    all["next"] = amounts_json(report.next.amounts.memory, report.next.amounts.cpu, report.next.runtime);
    all["next"]["samples"] = report.next.forecast.samples;
    all["next"]["source"] = name_of(report.next.forecast.source);
    // A word of the command need not be UTF-8; JSON must be.
    return all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace plimsoll::cli
