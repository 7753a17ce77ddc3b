// SPDX-License-Identifier: Apache-2.0
// Do stated probabilities hold on real traces, of which nobody says that their tasks are exchangeable?
#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <map>

#include "benches/sizing/protocol.h"
#include "plimsoll/forecast/quantity_model.h"
#include "tests/skip.h"

using namespace plimsoll;
using namespace plimsoll::benches;

namespace {

/// Asked by the protocol before each task starts, with what had completed by then learnt: counts the promises.
class Witness final : public Method {
public:
    explicit Witness(double probability) : probability_(probability) {}
    void learn(const TraceTask& task) override {
        models_.try_emplace(task.kind, options()).first->second.learn(task.input, task.peak);
    }
    std::optional<double> first(const TraceTask& task) override {
        const auto model = models_.find(task.kind);
        if (model == models_.end()) return std::nullopt;
        const Estimate estimate = model->second.estimate(task.input);
        stated += estimate.stated.has_value();
        held += estimate.stated && estimate.bound >= task.peak;
        return std::nullopt;
    }
    double retry(const TraceTask&, double allotted, int) override { return 2 * allotted; }

    int stated = 0, held = 0;

private:
    forecast::QuantityModel::Options options() const {
        return {.probability = probability_, .by_input = true, .warm_up = 5};
    }
    double probability_;
    std::map<std::string, forecast::QuantityModel> models_;
};

}  // namespace

// If each promise were kept with its probability and apart from the others, the share kept would be below it by more
// than 4 sqrt(p (1 - p) / promises) once in 30,000. Tasks that start together share what was known; that they hold
// within this margin all the same is the finding.
TEST_CASE("promised peaks hold as often as stated, in causal order, on the public traces") {
    const char* data = std::getenv("PLIMSOLL_DATA");
    if (!data) PLIM_SKIP("PLIMSOLL_DATA does not name the folder of public traces");
    std::vector<std::vector<TraceTask>> traces;
    for (const char* name : {"chipseq", "eager", "iwd", "methylseq"})
        traces.push_back(read_trace(std::string(data) + "/sizing", name).value());
    for (const double probability : {0.8, 0.9, 0.95, 0.99}) {
        int stated = 0, held = 0;
        for (const std::vector<TraceTask>& trace : traces) {
            Witness witness(probability);
            replay_causal(trace, witness, {}, ManualClock());
            stated += witness.stated;
            held += witness.held;
        }
        CAPTURE(probability);
        CAPTURE(held);
        CAPTURE(stated);
        CHECK(stated > 1000);
        CHECK(held >= stated * probability - 4 * std::sqrt(stated * probability * (1 - probability)));
    }
}
