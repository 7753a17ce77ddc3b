// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/simulate/expectations.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>

#include "plimsoll/base/text.h"
#include "plimsoll/base/units.h"

namespace plimsoll::simulate {
namespace {

/// A number as people write it, with what prints it.
struct Fact {
    double value = 0;
    std::string told;
    Result<double> (*read)(std::string_view) = nullptr;
};

Result<double> read_count(std::string_view text) { return PLIM_TRY(parse_cores(text)).count; }
Result<double> read_memory(std::string_view text) { return static_cast<double>(PLIM_TRY(parse_bytes(text)).count); }
Result<double> read_time(std::string_view text) { return seconds(PLIM_TRY(parse_duration(text))); }

Fact count_of(long count) { return {static_cast<double>(count), fmt::format("{}", count), read_count}; }

long with(const Played& played, Ending ending) {
    return std::ranges::count_if(played.attempts, [&](const auto& one) { return one.outcome->ending == ending; });
}
long with(const Played& played, TaskState state) { return std::ranges::count(played.tasks, state, &TaskRecord::state); }

long shaped(const Played& played, int Shaping::* count) {
    long sum = 0;
    for (const AttemptRecord& attempt : played.attempts) sum += attempt.shaping.*count;
    return sum;
}

/// The most that any attempt of the step was given.
Resources most_of(const Played& played, std::string_view step) {
    Resources most;
    for (const AttemptRecord& attempt : played.attempts)
        if (attempt.kind.step == step) most = max_of(most, attempt.reserved);
    return most;
}

/// The facts of a run; "memory align" is of a step.
Result<Fact> fact(const Played& played, std::string_view what) {
    const std::map<std::string_view, std::function<Fact()>> facts = {
        {"attempts", [&] { return count_of(static_cast<long>(played.attempts.size())); }},
        {"killed", [&] { return count_of(with(played, Ending::out_of_memory)); }},
        {"preempted", [&] { return count_of(with(played, Ending::preempted)); }},
        {"lost", [&] { return count_of(with(played, Ending::lost)); }},
        {"starts", [&] { return count_of(played.starts); }},
        {"grown", [&] { return count_of(shaped(played, &Shaping::grown)); }},
        {"frozen", [&] { return count_of(shaped(played, &Shaping::frozen)); }},
        {"timeouts", [&] { return count_of(with(played, Ending::timeout)); }},
        {"finished", [&] { return count_of(with(played, TaskState::finished)); }},
        {"failed", [&] { return count_of(with(played, TaskState::failed)); }},
        {"cancelled", [&] { return count_of(with(played, TaskState::cancelled)); }},
        {"up_to_date", [&] { return count_of(with(played, TaskState::up_to_date)); }},
        {"deleted", [&] { return count_of(static_cast<long>(played.deleted.size())); }},
        {"deadline_missed", [&] { return count_of(played.deadlines_missed); }},
        {"makespan", [&] { return Fact{seconds(played.makespan), format(played.makespan), read_time}; }}};
    if (const auto known = facts.find(what); known != facts.end()) return known->second();
    const std::vector<std::string_view> words = split(what, ' ');
    if (words.size() == 2 && words[0] == "memory") {
        const Bytes memory = most_of(played, words[1]).memory;
        return Fact{static_cast<double>(memory.count), format(memory), read_memory};
    }
    if (words.size() == 2 && words[0] == "cpu") {
        const Cores cpu = most_of(played, words[1]).cpu;
        return Fact{cpu.count, format(cpu), read_count};
    }
    return invalid(fmt::format("nothing is known of '{}'", what));
}

/// "<= 40s", ">= 2", "< 1GiB", "3".
Result<bool> holds(const Fact& fact, std::string_view wanted) {
    const std::size_t from = std::min(wanted.find_first_not_of("<>= "), wanted.size());
    const std::string_view sign = wanted.substr(0, wanted.substr(0, from).find_last_not_of(' ') + 1);
    const double than = PLIM_TRY(fact.read(wanted.substr(from)));
    const double slack = 1e-9 * std::max(1.0, than);
    if (sign == "<=") return fact.value <= than + slack;
    if (sign == ">=") return fact.value >= than - slack;
    if (sign == "<") return fact.value < than - slack;
    if (sign == ">") return fact.value > than + slack;
    return fact.value >= than - slack && fact.value <= than + slack;
}

/// "start a < finish b": where each first stands in the events.
Result<bool> in_order(const Played& played, std::string_view wanted) {
    std::vector<std::string> told;
    for (const loop::Event& event : played.events) {
        const std::string_view kind = name_of(event.kind);
        if (kind.starts_with("task_")) told.push_back(fmt::format("{} {}", kind.substr(5), event.task_name));
    }
    std::ptrdiff_t last = -1;
    for (std::string_view word : split(wanted, '<')) {
        while (word.starts_with(' ')) word.remove_prefix(1);
        while (word.ends_with(' ')) word.remove_suffix(1);
        const auto found = std::ranges::find(told, word);
        if (found == told.end()) return invalid(fmt::format("nothing told '{}'", word));
        if (found - told.begin() <= last) return false;
        last = found - told.begin();
    }
    return true;
}

Result<void> check(const Expectation& expected, const Played& played) {
    if (expected.what == "state") {
        if (name_of(played.state) == expected.wanted) return {};
        return invalid(fmt::format("state is {}, expected {}", name_of(played.state), expected.wanted));
    }
    if (expected.what == "order") {
        if (PLIM_TRY(in_order(played, expected.wanted))) return {};
        return invalid("the order is not " + expected.wanted);
    }
    if (expected.what == "reason") {
        const bool told = std::ranges::any_of(played.tasks, [&](const TaskRecord& task) {
            return (task.name + ": " + task.reason).find(expected.wanted) != std::string::npos;
        });
        return told ? Result<void>{} : invalid("no task says '" + expected.wanted + "'");
    }
    const Fact is = PLIM_TRY(fact(played, expected.what));
    if (PLIM_TRY(holds(is, expected.wanted))) return {};
    return invalid(fmt::format("{} is {}, expected {}", expected.what, is.told, expected.wanted));
}

}  // namespace

std::vector<std::string> unmet(const std::vector<Expectation>& expectations, const std::vector<Played>& runs) {
    std::vector<std::string> lines;
    for (const Expectation& expected : expectations) {
        const int run = expected.run == 0 ? static_cast<int>(runs.size()) : expected.run;
        const Result<void> met = run < 1 || run > static_cast<int>(runs.size())
                                     ? invalid("there is no such run")
                                     : check(expected, runs[static_cast<std::size_t>(run) - 1]);
        if (!met) lines.push_back(fmt::format("run {}: {}", run, met.error().message));
    }
    return lines;
}

}  // namespace plimsoll::simulate
