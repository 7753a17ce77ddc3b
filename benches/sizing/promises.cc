// SPDX-License-Identifier: Apache-2.0
#include "benches/sizing/promises.h"

#include <fmt/format.h>

#include <map>

#include "benches/sizing/protocol.h"
#include "plimsoll/forecast/quantity_model.h"

namespace plimsoll::benches {
namespace {

class Witness final : public Method {
public:
    explicit Witness(double probability) : promises_{.probability = probability} {}
    void learn(const TraceTask& task) override {
        models_.try_emplace(task.kind, options()).first->second.learn(task.input, task.peak);
    }
    std::optional<double> first(const TraceTask& task) override {
        ++promises_.tasks;
        const auto model = models_.find(task.kind);
        if (model == models_.end()) return std::nullopt;
        const Estimate estimate = model->second.estimate(task.input);
        if (!estimate.stated) return std::nullopt;
        ++promises_.stated;
        promises_.held += estimate.bound >= task.peak;
        promises_.peaks += task.peak;
        promises_.bounds += estimate.bound;
        return std::nullopt;
    }
    double retry(const TraceTask&, double allotted, int) override { return 2 * allotted; }
    const Promises& promises() const { return promises_; }

private:
    forecast::QuantityModel::Options options() const {
        return {.probability = promises_.probability, .by_input = true, .warm_up = 5};
    }
    Promises promises_;
    std::map<std::string, forecast::QuantityModel> models_;
};

std::string cell(const Promises& promises) {
    if (promises.stated == 0) return " - |";
    return fmt::format(" {:.1f} % of {} |", 100.0 * promises.held / promises.stated, promises.stated);
}

}  // namespace

Promises count_promises(const std::vector<TraceTask>& trace, double probability) {
    Witness witness(probability);
    replay_causal(trace, witness, {}, ManualClock());
    return witness.promises();
}

Result<std::string> table_of_promises(const std::string& folder, const std::vector<std::string>& workflows) {
    std::string table = "| stated |";
    std::vector<std::vector<TraceTask>> traces;
    const std::vector<std::string> all_workflows = {"chipseq", "eager", "iwd", "methylseq"};
    for (const std::string& workflow : workflows.empty() ? all_workflows : workflows) {
        traces.push_back(PLIM_TRY(read_trace(folder, workflow)));
        table += fmt::format(" {} |", workflow);
    }
    table += " all | tasks with a bound | bound / peak |\n|---|";
    for (std::size_t column = 0; column < traces.size() + 3; ++column) table += "---:|";
    for (const double probability : stated_probabilities) {
        Promises all{.probability = probability};
        table += fmt::format("\n| {:.0f} % |", 100 * probability);
        for (const std::vector<TraceTask>& trace : traces) {
            const Promises one = count_promises(trace, probability);
            table += cell(one);
            all.tasks += one.tasks, all.stated += one.stated, all.held += one.held;
            all.peaks += one.peaks, all.bounds += one.bounds;
        }
        table += cell(all);
        table += fmt::format(" {:.0f} % | {:.2f} |", 100.0 * all.stated / std::max(1, all.tasks),
                             all.peaks > 0 ? all.bounds / all.peaks : 0);
    }
    return table + "\n";
}

}  // namespace plimsoll::benches
