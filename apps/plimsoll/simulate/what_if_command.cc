// SPDX-License-Identifier: Apache-2.0
// plimsoll simulate --history RUN|all or --trace FILE: what recorded work would have taken otherwise.
#include <fmt/format.h>

#include <algorithm>

#include "apps/plimsoll/command_frame.h"
#include "apps/plimsoll/simulate/recorded.h"
#include "apps/plimsoll/simulate/simulate_commands.h"
#include "apps/plimsoll/simulate/what_if.h"
#include "plimsoll/base/file.h"
#include "plimsoll/base/log.h"

namespace plimsoll::cli {
namespace {

/// Every combination of what was named; what was not is as it is in live runs.
Result<std::vector<simulate::Alternative>> alternatives(const SimulateOptions& options, const Resources& recorded) {
    std::vector<Resources> capacities;
    for (const std::string& text : options.capacities) {
        const auto amounts = parse_resources(text);
        if (!amounts) return amounts.error().within("--capacity");
        if (amounts->cpu <= Cores{} || amounts->memory <= Bytes{})
            return invalid(fmt::format("--capacity '{}' lacks cpu or memory; write 'cpu=8 memory=32GiB'", text));
        capacities.push_back(*amounts);
    }
    if (capacities.empty() && (recorded.cpu <= Cores{} || recorded.memory <= Bytes{}))
        return invalid("on which machine it ran is not recorded; name one: --capacity 'cpu=8 memory=32GiB'");
    if (capacities.empty()) capacities.push_back(recorded);
    std::vector<std::string> policies = options.policies;
    if (policies.empty()) policies.emplace_back("critical-path");
    std::vector<double> risks = options.risks;
    if (risks.empty()) risks.push_back(1);
    std::vector<simulate::Alternative> all;
    for (const Resources& capacity : capacities)
        for (const std::string& policy : policies) {
            for (const double risk : risks)
                all.push_back({.policy = policy, .risk = risk, .capacity = capacity, .nodes = options.nodes});
            if (options.requests)
                all.push_back({.policy = policy, .by_requests = true, .capacity = capacity, .nodes = options.nodes});
        }
    return all;
}

/// Of all runs: draw by draw one after another.
Result<Compared> compared(const std::vector<Recorded>& all, const simulate::Alternative& how,
                          const simulate::Draws& draws) {
    std::vector<simulate::Course> sums(static_cast<std::size_t>(draws.count));
    simulate::Starts starts;
    for (const Recorded& one : all) {
        const auto courses = PLIM_TRY(simulate::what_if(one.work, how, one.before, draws, &starts));
        for (std::size_t draw = 0; draw < sums.size(); ++draw) sums[draw] += courses[draw];
    }
    Compared row{how, simulate::estimate_of(sums)};
    if (all.size() > 1 || draws.count > 1) return row;
    for (const Task& task : all.front().work.tasks)
        if (const auto start = starts[task.id])
            row.starts_s.emplace_back(task.name, seconds(start->time_since_epoch()));
    return row;
}

Result<Comparison> compare(const SimulateOptions& options) {
    std::vector<Recorded> all = options.trace.empty()
                                    ? PLIM_TRY(recorded_runs(PLIM_TRY(open_history(options.database)), options.history))
                                    : PLIM_TRY(recorded_trace(options.trace, options.trace_format));
    Comparison comparison{.title = all.size() == 1 ? all.front().name : fmt::format("{} runs", all.size()),
                          .runs = all.size(),
                          .draws = options.draws,
                          .seed = options.seed.value_or(1),
                          .recorded = all.front().went};
    Resources machine = all.front().work.run.capacity;
    for (const Recorded& one : all) {
        comparison.tasks += one.work.tasks.size();
        comparison.without_request += one.work.without_request;
        comparison.without_needs += !one.work.has_needs && one.work.tasks.size() > 1;
        if (!(one.work.run.capacity == machine)) machine = {};
        if (&one == &all.front()) continue;
        if (one.went && comparison.recorded) *comparison.recorded += *one.went;
        else comparison.recorded.reset();
    }
    for (const simulate::Alternative& how : PLIM_TRY(alternatives(options, machine)))
        comparison.rows.push_back(PLIM_TRY(compared(all, how, {.count = options.draws, .seed = comparison.seed})));
    return comparison;
}

Result<void> tell(const SimulateOptions& options) {
    const Comparison comparison = PLIM_TRY(compare(options));
    if (!options.html.empty()) PLIM_TRY(replace_file(options.html, comparison_page(comparison), 0666));
    print(options.json ? comparison_json(comparison) : comparison_text(comparison));
    return {};
}

}  // namespace

int what_if_command(const SimulateOptions& options) {
    const auto told = tell(options);
    return told ? Exit::done : fail(told.error());
}

}  // namespace plimsoll::cli
