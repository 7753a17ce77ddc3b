// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/report/report_json.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include <nlohmann/json.hpp>

#include "plimsoll/report/summary_json.h"

namespace plimsoll::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t changes_shown = 3000;
constexpr std::size_t cancelled_named = 20;

std::int64_t ms(Duration span) { return std::chrono::round<std::chrono::milliseconds>(span).count(); }

template <class Amount>
Json number_or_null(const std::optional<Amount>& amount) {
    return amount ? Json(amount->count) : Json();
}

Json step_amounts(const loop::AmountTime& amounts) {
    return {{"requested", amounts.requested},
            {"reserved", amounts.reserved},
            {"used", amounts.used},
            {"wasted", amounts.wasted()},
            {"wasted_by_requests", amounts.wasted_by_requests()}};
}

Json rounded(const std::vector<double>& amounts, double unit) {
    Json list = Json::array();
    for (const double amount : amounts) list.push_back(std::round(amount * unit) / unit);
    return list;
}

Json whole(const std::vector<double>& amounts) {
    Json list = Json::array();
    for (const double amount : amounts) list.push_back(static_cast<std::int64_t>(std::llround(amount)));
    return list;
}

Json over_time_json(const OverTime& over_time) {
    constexpr double hundredth = 100;
    const auto of = [](const Series& series) {
        return Json{{"memory_bytes", whole(series.memory)}, {"cpu_cores", rounded(series.cpu, hundredth)}};
    };
    return {{"step_s", seconds(over_time.reserved.step)},
            {"requested", of(over_time.requested)},
            {"reserved", of(over_time.reserved)},
            {"used", of(over_time.used)}};
}

Json segments_json(const std::vector<Segment>& segments) {
    Json until = Json::array(), memory = Json::array(), cpu = Json::array();
    for (const Segment& segment : segments) {
        until.push_back(ms(segment.until));
        memory.push_back(segment.memory.count);
        cpu.push_back(std::round(segment.cpu.count * 100) / 100);
    }
    return {{"until_ms", until}, {"memory_bytes", memory}, {"cpu_cores", cpu}};
}

Json estimate_json(const Estimate& estimate) {
    return {{"p50", estimate.p50},
            {"bound", estimate.bound},
            {"stated", estimate.stated ? Json(*estimate.stated) : Json()},
            {"measured", estimate.measured ? Json(*estimate.measured) : Json()}};
}

Json forecast_json(const AttemptRecord& attempt) {
    const Forecast& forecast = attempt.forecast;
    return {{"task", attempt.task_name},
            {"memory_bytes", estimate_json(forecast.memory)},
            {"cpu_cores", estimate_json(forecast.cpu)},
            {"runtime_s", estimate_json(forecast.runtime)},
            {"reserved_bytes", attempt.reserved.memory.count},
            {"source", name_of(forecast.source)},
            {"model", forecast.model},
            {"samples", forecast.samples},
            {"curve", segments_json(forecast.curve)}};
}

Json step_json(const RunReport& report, const StepReport& step) {
    Json samples = Json::array();
    for (const Sample& sample : step.samples) {
        Json one = segments_json(sample.segments);
        one["attempt"] = sample.attempt;
        samples.push_back(std::move(one));
    }
    return {{"step", step.step},
            {"request",
             {{"memory_bytes", number_or_null(step.request.memory)}, {"cpu_cores", number_or_null(step.request.cpu)}}},
            {"memory_gbh", step_amounts(step.memory)},
            {"cpu_ch", step_amounts(step.cpu)},
            {"over_time", over_time_json(step.over_time)},
            {"known", step.known.empty() ? Json() : Json(step.known)},
            {"forecast", step.forecast ? forecast_json(report.attempts[*step.forecast]) : Json()},
            {"samples", samples}};
}

/// Words that come again and again, each written once.
class Words {
public:
    std::int64_t operator[](std::string_view word) {
        const auto place = std::ranges::find(words_, word) - words_.begin();
        if (static_cast<std::size_t>(place) == words_.size()) words_.emplace_back(word);
        return place;
    }
    const std::vector<std::string>& all() const { return words_; }

private:
    std::vector<std::string> words_;
};

/// One that nobody saw end is lost, unless its run still goes on.
std::string_view ending_of(const RunReport& report, const AttemptRecord& attempt) {
    if (attempt.outcome) return name_of(attempt.outcome->ending);
    return report.run.state == RunState::running ? "running" : name_of(Ending::lost);
}

Json attempts_json(const RunReport& report) {
    Words steps, endings, lacks;
    for (const StepReport& step : report.steps) (void)steps[step.step];
    constexpr std::string_view columns[] = {"task",   "number",  "step",    "ready",       "start", "end",
                                            "ending", "lack",    "after",   "memory",      "peak",  "cores",
                                            "cpu",    "runtime", "request", "input_bytes", "grown", "frozen"};
    std::vector<Json> values(std::size(columns), Json::array());
    for (std::size_t at = 0; at < report.attempts.size(); ++at) {
        const AttemptRecord& one = report.attempts[at];
        const AttemptTimes& times = report.times[at];
        const bool is_measured = is_memory_measured(one.profile);
        const Json row[] = {one.id.task,
                            one.id.number,
                            steps[one.kind.step],
                            times.ready ? Json(ms(*times.ready)) : Json(),
                            ms(times.run.from),
                            ms(times.run.until),
                            endings[ending_of(report, one)],
                            lacks[one.wait ? std::string_view(one.wait->lack) : ""],
                            one.wait && one.wait->after ? Json(*one.wait->after) : Json(),
                            one.reserved.memory.count,
                            is_measured ? Json(one.profile.memory_peak.count) : Json(),
                            std::round(one.reserved.cpu.count * 100) / 100,
                            ms(one.profile.cpu),
                            ms(one.profile.runtime),
                            number_or_null(one.request.memory),
                            one.features.input_bytes.count,
                            one.shaping.grown,
                            ms(one.shaping.frozen_time)};
        for (std::size_t column = 0; column < std::size(columns); ++column) values[column].push_back(row[column]);
    }
    Json all = {{"steps", steps.all()}, {"endings", endings.all()}, {"lacks", lacks.all()}};
    for (std::size_t column = 0; column < std::size(columns); ++column)
        all[std::string(columns[column])] = std::move(values[column]);
    return all;
}

Json changes_json(const RunReport& report) {
    Json changes = Json::array();
    for (std::size_t at = 0; at < report.times.size(); ++at)
        for (const Change& change : report.times[at].changes) {
            if (change.action == "follow" || changes.size() == changes_shown) continue;
            changes.push_back({{"attempt", at},
                               {"at", ms(change.at)},
                               {"action", change.action},
                               {"old", change.old_value},
                               {"new", change.new_value},
                               {"reason", change.reason}});
        }
    return changes;
}

Json freezes_json(const RunReport& report) {
    Json freezes = Json::array();
    for (std::size_t at = 0; at < report.times.size(); ++at)
        for (const Freeze& freeze : report.times[at].freezes)
            freezes.push_back({{"attempt", at},
                               {"from", ms(freeze.span.from)},
                               {"until", ms(freeze.span.until)},
                               {"reason", freeze.reason}});
    return freezes;
}

Json path_json(const RunReport& report) {
    Json path = Json::array();
    for (const Leg& leg : report.path)
        path.push_back({{"attempt", leg.attempt},
                        {"ready", ms(leg.ready)},
                        {"start", ms(leg.run.from)},
                        {"end", ms(leg.run.until)}});
    return path;
}

Json waits_json(const std::vector<Waits>& waits) {
    constexpr double thousandth = 1000;
    Json all = Json::array();
    for (const Waits& one : waits) {
        Json lacks = Json::array(), holders = Json::array();
        for (const auto& [lack, time] : one.lacks) lacks.push_back({{"lack", lack}, {"ms", ms(time)}});
        for (const Waits::Holder& holder : one.holders)
            holders.push_back({{"group", holder.group}, {"share", std::round(holder.share * thousandth) / thousandth}});
        all.push_back({{"group", one.group},
                       {"attempts", one.attempts},
                       {"total", ms(one.total)},
                       {"longest", ms(one.longest)},
                       {"lacks", lacks},
                       {"holders", holders}});
    }
    return all;
}

Json failures_json(const RunReport& report) {
    Json failures = Json::array();
    for (const Failure& failure : report.failures) {
        const auto named = static_cast<std::ptrdiff_t>(std::min(cancelled_named, failure.cancelled.size()));
        failures.push_back(
            {{"task", failure.task},
             {"step", failure.step},
             {"reason", failure.reason},
             {"outcome", failure.outcome},
             {"attempts", failure.attempts},
             {"command", failure.command},
             {"log", failure.log},
             {"tail", failure.tail},
             {"cancelled", failure.cancelled.size()},
             {"cancelled_first", std::vector(failure.cancelled.begin(), failure.cancelled.begin() + named)}});
    }
    return failures;
}

Json standstills_json(const RunReport& report) {
    Json all = Json::array();
    for (const Standstill& one : report.standstills) all.push_back({{"at", ms(one.at)}, {"reason", one.reason}});
    return all;
}

}  // namespace

std::string report_json(const RunReport& report) {
    Json steps = Json::array(), names = Json::array();
    for (const StepReport& step : report.steps) steps.push_back(step_json(report, step));
    for (const TaskRecord& task : report.tasks) names.push_back(task.name);
    const RunRecord& run = report.run;
    const Json all = {
        {"file", run.file},
        {"version", run.version},
        {"ended", run.ended ? Json(rfc3339(*run.ended)) : Json()},
        {"length_s", seconds(report.length)},
        {"capacity", {{"memory_bytes", run.capacity.memory.count}, {"cpu_cores", run.capacity.cpu.count}}},
        {"tasks", names},
        {"attempts", attempts_json(report)},
        {"freezes", freezes_json(report)},
        {"changes", changes_json(report)},
        {"over_time", over_time_json(report.over_time)},
        {"steps", steps},
        {"path", path_json(report)},
        {"waits_by_step", waits_json(report.waits_by_step)},
        {"waits_by_queue", waits_json(report.waits_by_queue)},
        {"failures", failures_json(report)},
        {"failures_left_out", report.failures_left_out},
        {"standstills", standstills_json(report)}};
    std::string text = "{\"show\":" + summary_json(run, report.summary, report.profiles) + ",";
    return text += all.dump(-1, ' ', false, Json::error_handler_t::replace).substr(1);
}

}  // namespace plimsoll::report
