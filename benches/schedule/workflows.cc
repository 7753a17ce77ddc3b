// SPDX-License-Identifier: Apache-2.0
#include "benches/schedule/workflows.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>

#include "benches/schedule/dags.h"
#include "benches/schedule/list_rivals.h"
#include "plimsoll/base/check.h"
#include "plimsoll/base/random.h"
#include "plimsoll/schedule/planned_order.h"

namespace plimsoll::benches {
namespace {

using Tasks = std::vector<schedule::DryTask>;
using Nodes = std::vector<Node>;

/// As a run does it: an order is sought beforehand, and then all is played by it.
Duration plimsoll(std::span<const schedule::DryTask> tasks, std::span<const Node> nodes) {
    return schedule::dry_run(schedule::in_planned_order(tasks, nodes), nodes).makespan;
}

struct Policy {
    std::string name;
    Duration (*makespan)(std::span<const schedule::DryTask>, std::span<const Node>);
};
const Policy policies[] = {
    {"fifo_bestfit", fifo_best_fit},
    {"heft", heft},
    {"plimsoll", plimsoll},
};

/// How large the machine is against the graph's average parallelism.
const std::pair<std::string, double> machines[] = {{"quarter", 0.25}, {"half", 0.5}, {"whole", 1}, {"double", 2}};

constexpr int resamples = 2000;

class Suite {
public:
    void run(const Dag& dag) {
        for (const auto& [machine, share] : machines) {
            const Nodes nodes = machine_for(dag, share);
            for (const Policy& policy : policies) add(dag, machine, nodes, policy, "measured", dag.tasks);
            if (dag.forecast.empty()) continue;
            for (const Policy& policy : policies) {
                add(dag, machine, nodes, policy, "forecast", with_forecasts(dag, nodes));
                add(dag, machine, nodes, policy, "requests", with_requests(dag, nodes));
            }
        }
    }

    WorkflowTable table() {
        for (const auto& [machine, share] : machines) {
            compare(machine, "plimsoll", "measured", "fifo_bestfit", "measured");
            compare(machine, "heft", "measured", "fifo_bestfit", "measured");
            compare(machine, "plimsoll", "measured", "heft", "measured");
            compare(machine, "plimsoll", "forecast", "plimsoll", "requests");
            compare(machine, "plimsoll", "forecast", "fifo_bestfit", "requests");
        }
        return std::move(table_);
    }

private:
    using Key = std::tuple<std::string, std::string, std::string>;  // machine, policy, sizes

    void add(const Dag& dag, const std::string& machine, const Nodes& nodes, const Policy& policy,
             const std::string& sizes, const Tasks& tasks) {
        const double makespan_s = seconds(policy.makespan(tasks, nodes));
        double cores = 0;
        for (const Node& node : nodes) cores += node.capacity.cpu.count;
        by_key_[{machine, policy.name, sizes}][dag.name] = table_.rows.size();
        table_.rows.push_back({.dag = dag.name,
                               .machine = machine,
                               .policy = policy.name,
                               .sizes = sizes,
                               .tasks = tasks.size(),
                               .nodes = nodes.size(),
                               .cores = cores,
                               .makespan_s = makespan_s,
                               .lower_bound_s = seconds(lower_bound(tasks, nodes)),
                               .cpu_utilisation = dag.cpu_s / (cores * makespan_s)});
    }

    void compare(const std::string& machine, const std::string& policy, const std::string& sizes,
                 const std::string& rival, const std::string& rival_sizes) {
        std::vector<double> ratios;
        WorkflowSummary summary{
            .machine = machine, .policy = policy, .sizes = sizes, .against = rival + " " + rival_sizes};
        const auto& rivals = by_key_[{machine, rival, rival_sizes}];
        for (const auto& [dag, at] : by_key_[{machine, policy, sizes}]) {
            const WorkflowRow &own = table_.rows[at], &other = table_.rows[rivals.at(dag)];
            ratios.push_back(own.makespan_s / other.makespan_s);
            summary.utilisation += own.cpu_utilisation;
            summary.utilisation_against += other.cpu_utilisation;
        }
        if (ratios.empty()) return;
        const auto count = static_cast<double>(ratios.size());
        summary.dags = ratios.size();
        summary.ratio = std::accumulate(ratios.begin(), ratios.end(), 0.0) / count;
        summary.utilisation /= count;
        summary.utilisation_against /= count;
        std::tie(summary.low, summary.high) = interval(ratios);
        table_.summary.push_back(summary);
    }

    std::pair<double, double> interval(const std::vector<double>& values) {
        std::vector<double> means;
        for (int sample = 0; sample < resamples; ++sample) {
            double sum = 0;
            for (std::size_t at = 0; at < values.size(); ++at)
                sum += values[static_cast<std::size_t>(rng_.between(0, static_cast<int>(values.size()) - 1))];
            means.push_back(sum / static_cast<double>(values.size()));
        }
        std::sort(means.begin(), means.end());
        return {means[resamples / 40], means[resamples - 1 - resamples / 40]};
    }

    WorkflowTable table_;
    std::map<Key, std::map<std::string, std::size_t>> by_key_;
    Rng rng_{1};
};

}  // namespace

Result<WorkflowTable> run_workflows(const std::string& file, const std::function<void(const std::string&)>& note) {
    const std::vector<Dag> dags = PLIM_TRY(read_dags(file));
    note(fmt::format("workflows: {} graphs", dags.size()));
    Suite suite;
    for (const Dag& dag : dags) suite.run(dag);
    return suite.table();
}

}  // namespace plimsoll::benches
