// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/report/summary_json.h"

#include <nlohmann/json.hpp>

namespace plimsoll::report {
namespace {

using Json = nlohmann::ordered_json;

Json amounts_json(const loop::AmountTime& amounts) {
    return {{"requested", amounts.requested},
            {"reserved", amounts.reserved},
            {"used", amounts.used},
            {"wasted", amounts.wasted()},
            {"wasted_by_requests", amounts.wasted_by_requests()}};
}

template <class Amount, class Number>
Json spread_json(const std::optional<profile::Spread<Amount>>& spread, Number number) {
    if (!spread) return nullptr;
    return {{"least", number(spread->least)}, {"median", number(spread->median)}, {"most", number(spread->most)}};
}

Json handovers_json(const std::vector<profile::Handover>& handovers) {
    Json list = Json::array();
    for (const profile::Handover& one : handovers)
        list.push_back({{"step", one.step.empty() ? Json(nullptr) : Json(one.step)},
                        {"files", one.files},
                        {"bytes", one.bytes.count}});
    return list;
}

Json failures_json(const profile::StepProfile& step) {
    Json failures = Json::object();
    for (std::size_t ending = 0; ending < step.endings.size(); ++ending)
        if (step.endings[ending] > 0 && static_cast<Ending>(ending) != Ending::finished)
            failures[std::string(name_of(static_cast<Ending>(ending)))] = step.endings[ending];
    return failures;
}

Json step_json(const profile::StepProfile& step) {
    const auto bytes = [](Bytes amount) { return amount.count; };
    const Profile& sum = step.sum;
    return {{"step", step.step},
            {"tasks",
             {{"finished", step.finished},
              {"failed", step.failed},
              {"up_to_date", step.up_to_date},
              {"cancelled", step.cancelled}}},
            {"attempts", {{"total", step.attempts}, {"retried", step.retries}, {"measured", step.measured}}},
            {"errors", failures_json(step)},
            {"runtime_s", spread_json(step.runtime, [](Duration span) { return seconds(span); })},
            {"runtime_s_total", seconds(sum.runtime)},
            {"memory_peak_bytes", spread_json(step.memory_peak, bytes)},
            {"memory_reserved_bytes", spread_json(step.memory_reserved, bytes)},
            {"memory_used_gbh", sum.memory_byte_seconds / 1e9 / 3600},
            {"cpu_s", seconds(sum.cpu)},
            {"cpu_cores_peak", sum.cpu_peak.count},
            {"processes_peak", sum.processes_peak},
            {"threads_peak", sum.threads_peak},
            {"read_bytes", sum.read_bytes.count},
            {"write_bytes", sum.write_bytes.count},
            {"read_operations", sum.read_operations},
            {"write_operations", sum.write_operations},
            {"network_in_bytes", sum.network_in.count},
            {"network_out_bytes", sum.network_out.count},
            {"stalled_s",
             {{"memory", seconds(sum.memory_stall)}, {"cpu", seconds(sum.cpu_stall)}, {"io", seconds(sum.io_stall)}}},
            {"reads", handovers_json(step.reads)},
            {"hands", handovers_json(step.hands)}};
}

Json totals(const loop::Summary& summary) {
    return {{"makespan_s", seconds(summary.makespan)},
            {"tasks",
             {{"finished", summary.tasks_finished},
              {"failed", summary.tasks_failed},
              {"up_to_date", summary.tasks_up_to_date},
              {"cancelled", summary.tasks_cancelled}}},
            {"attempts",
             {{"total", summary.attempts},
              {"grown", summary.grown},
              {"frozen", summary.frozen},
              {"out_of_memory", summary.out_of_memory},
              {"timeout", summary.timeouts},
              {"preempted", summary.preempted},
              {"retried", summary.retried}}},
            {"memory_gbh", amounts_json(summary.memory)},
            {"cpu_ch", amounts_json(summary.cpu)}};
}

Json steps_json(std::span<const profile::StepProfile> steps) {
    Json list = Json::array();
    for (const profile::StepProfile& step : steps) list.push_back(step_json(step));
    return list;
}

}  // namespace

std::string totals_json(const loop::Summary& summary) { return totals(summary).dump(); }

std::string summary_json(const RunRecord& run, const loop::Summary& summary,
                         std::span<const profile::StepProfile> steps) {
    Json all = {
        {"run", run.id}, {"workflow", run.workflow}, {"state", name_of(run.state)}, {"started", rfc3339(run.started)}};
    all.update(totals(summary));
    all["memory_gbh"]["wasted_by_1_5_x_peak"] = summary.memory_wasted_by_half_more;
    all["steps_without_request"] = summary.steps_without_request.size();
    all["steps"] = steps_json(steps);
    return all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace plimsoll::report
