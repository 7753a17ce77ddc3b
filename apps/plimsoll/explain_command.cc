// SPDX-License-Identifier: Apache-2.0
// plimsoll explain RUN [TASK]: the story of each task from its Decisions and attempts.
#include <fmt/format.h>

#include <map>
#include <set>

#include <nlohmann/json.hpp>

#include "apps/plimsoll/command_frame.h"
#include "apps/plimsoll/kind_card.h"
#include "apps/plimsoll/wrapped.h"

namespace plimsoll::cli {
namespace {

using Json = nlohmann::ordered_json;

Json decision_json(const Decision& decision, const std::string& task) {
    Json line = {{"time", rfc3339(decision.at)}, {"task", task},
                 {"attempt", decision.attempt},  {"action", decision.action},
                 {"subject", decision.subject},  {"old", decision.old_value},
                 {"new", decision.new_value},    {"reason", decision.reason},
                 {"model", decision.model},      {"samples", decision.samples}};
    line["confidence"] = decision.confidence ? Json(*decision.confidence) : Json(nullptr);
    return line;
}

/// "memory: 3.00 GiB requested -> 212 MiB reserved: 6 past runs of this kind (line x 1.1)"
std::string told(const Decision& decision) {
    if (decision.action == "start")
        return fmt::format("    start   with {}: {}\n", decision.new_value, decision.reason);
    const std::string change =
        decision.old_value.empty() ? decision.new_value : decision.old_value + " -> " + decision.new_value;
    const std::string sure =
        decision.confidence ? fmt::format(" (has held for {:.0f} % of past runs)", 100 * *decision.confidence) : "";
    return fmt::format("    {:<7} {} {}: {}{}\n", decision.action, decision.subject, change, decision.reason, sure);
}

/// What was done while the attempt ran, with when: "    +3.2 s  grow memory 960 MiB -> 1.10 GiB: it uses ..."
std::string told(const Decision& decision, WallTime started) {
    static const std::set<std::string_view> shaping = {"grow", "shrink",  "follow", "freeze",
                                                       "thaw", "preempt", "limit",  "checkpoint"};
    if (!shaping.contains(decision.action)) return told(decision);
    const bool changes = decision.old_value != decision.new_value && !decision.new_value.empty();
    const std::string change = changes ? fmt::format(" {} -> {}", decision.old_value, decision.new_value) : "";
    return fmt::format("    +{:<6} {} {}{}: {}\n", format(decision.at - started), decision.action, decision.subject,
                       change, decision.reason);
}

std::string told(const Shaping& shaping) {
    std::string text;
    if (shaping.grown > 0) text += fmt::format(", grown {} times", shaping.grown);
    if (shaping.frozen > 0)
        text += fmt::format(", frozen {} times for {}", shaping.frozen, format(shaping.frozen_time));
    return text;
}

std::string told_reserved(Duration time) {
    return time > Duration{} ? "reserved for " + format(time) : "runtime unknown before";
}

/// "" where it waited no longer than the loop takes to look.
std::string told_wait(const AttemptRecord& attempt) {
    constexpr Duration worth_telling = std::chrono::milliseconds(20);
    if (!attempt.wait || attempt.wait->time < worth_telling) return {};
    static const std::map<std::string_view, std::string_view> lacks = {{"cpu", "cores"},
                                                                       {"order", "its turn"},
                                                                       {"queue", "its queue's turn"},
                                                                       {"starts", "the machine to take new processes"},
                                                                       {"history", "the history to be written"}};
    const std::string& lack = attempt.wait->lack;
    const auto named = lacks.find(lack);
    return fmt::format(", after waiting {}{}{}", format(attempt.wait->time), lack.empty() ? "" : " for ",
                       named == lacks.end() ? std::string_view(lack) : named->second);
}

std::string told(const AttemptRecord& attempt) {
    if (!attempt.outcome) return "    has not ended\n";
    return fmt::format("    {}: peak {} of {}, {} cores of {}, {} ({}){}\n", describe(*attempt.outcome),
                       is_memory_measured(attempt.profile) ? format(attempt.profile.memory_peak) : "not measured",
                       format(attempt.reserved.memory),
                       format(Cores{seconds(attempt.profile.cpu) / std::max(1e-9, seconds(attempt.profile.runtime))}),
                       format(attempt.reserved.cpu), format(attempt.profile.runtime),
                       told_reserved(attempt.reserved_time), told(attempt.shaping));
}

std::string story_of(const TaskRecord& task, const std::vector<const Decision*>& decisions,
                     const std::vector<const AttemptRecord*>& attempts) {
    std::string text = task.state == TaskState::up_to_date ? fmt::format("{}: {}\n", task.name, task.reason)
                                                           : fmt::format("{}: {}{}{}\n", task.name, name_of(task.state),
                                                                         task.reason.empty() ? "" : ", ", task.reason);
    for (const Decision* decision : decisions)
        if (decision->attempt == 0) text += told(*decision);
    for (const AttemptRecord* attempt : attempts) {
        text +=
            fmt::format("  attempt {} at {}{}\n", attempt->id.number, rfc3339(attempt->started), told_wait(*attempt));
        for (const Decision* decision : decisions)
            if (decision->attempt == attempt->id.number) text += told(*decision, attempt->started);
        text += told(*attempt);
    }
    const int last = attempts.empty() ? 0 : attempts.back()->id.number;
    for (const Decision* decision : decisions)
        if (decision->attempt > last) text += told(*decision);  // of one that never came to start
    return text;
}

std::string told(const std::vector<KnownOfStep>& known) {
    std::string text;
    for (const KnownOfStep& one : known) text += wrapped(fmt::format("known of {}: {}", one.step, one.words), 0, 4);
    return text.empty() ? text : text + "\n";
}

Json known_json(const std::vector<KnownOfStep>& known) {
    Json list = Json::array();
    for (const KnownOfStep& one : known) list.push_back({{"step", one.step}, {"words", one.words}});
    return list;
}

Result<void> explain(const TargetOptions& options) {
    const history::Database history = PLIM_TRY(open_history(options.history));
    auto [run, tasks] = PLIM_TRY(find_target(history, options));
    const std::optional<TaskId> only = tasks.size() == 1 ? std::optional(tasks.front().id) : std::nullopt;
    if (tasks.empty()) tasks = PLIM_TRY(history.tasks(run.id));
    const std::vector<Decision> decisions = PLIM_TRY(history.decisions(run.id, only));
    const std::vector<AttemptRecord> attempts = PLIM_TRY(history.attempts(run.id, only));
    std::map<TaskId, std::vector<const Decision*>> decided;
    std::map<TaskId, std::vector<const AttemptRecord*>> tried;
    for (const Decision& decision : decisions)
        if (decision.task) decided[*decision.task].push_back(&decision);
    for (const AttemptRecord& attempt : attempts) tried[attempt.id.task].push_back(&attempt);
    const std::vector<KnownOfStep> known = PLIM_TRY(known_of_steps(history, run.id, attempts));
    if (options.json) {
        Json list = Json::array();
        for (const TaskRecord& task : tasks)
            for (const Decision* decision : decided[task.id]) list.push_back(decision_json(*decision, task.name));
        const Json all = {{"run", run.id}, {"known", known_json(known)}, {"decisions", std::move(list)}};
        print(all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
        return {};
    }
    print(told(known));
    for (const TaskRecord& task : tasks) print(story_of(task, decided[task.id], tried[task.id]));
    return {};
}

}  // namespace

int explain_command(const TargetOptions& options) {
    const auto explained = explain(options);
    return explained ? Exit::done : fail(explained.error());
}

}  // namespace plimsoll::cli
