// SPDX-License-Identifier: Apache-2.0
#include "benches/sizing/product.h"

#include <set>

#include "plimsoll/forecast/replayed_cost_forecaster.h"

namespace plimsoll::benches {
namespace {

class Product final : public Method {
public:
    explicit Product(const MethodOptions& options)
        : options_(options),
          forecaster_(
              std::make_unique<forecast::ReplayedCostForecaster>(forecast::ForecasterOptions{}, options.constants)) {}

    void learn(const TraceTask& task) override {
        Observation seen;
        seen.kind = kind_of(task);
        seen.features = features_of(task);
        seen.profile.runtime = from_seconds(task.runtime_s);
        seen.profile.memory_peak = {static_cast<std::int64_t>(task.peak)};
        forecaster_->learn(seen);
        known_.insert(task.kind);
    }
    std::optional<double> first(const TraceTask& task) override {
        if (!options_.priors && !known_.contains(task.kind)) return std::nullopt;
        return forecaster_->forecast(kind_of(task), features_of(task), terms(task)).memory.bound;
    }
    double retry(const TraceTask& task, double allotted, int failed) override {
        const Bytes limit{static_cast<std::int64_t>(allotted)};
        return static_cast<double>(
            forecaster_->retry_memory(kind_of(task), features_of(task), terms(task), limit, failed).count);
    }
    std::optional<double> promised(const TraceTask& task) override {
        if (!known_.contains(task.kind)) return std::nullopt;
        const auto promised = forecaster_->forecast(kind_of(task), features_of(task), terms(task)).memory_promised;
        return promised ? std::optional(promised->bound) : std::nullopt;
    }

private:
    static TaskKind kind_of(const TraceTask& task) {
        return {.workflow = task.workflow, .step = task.kind, .tool = tool_of(task.kind)};
    }
    static Features features_of(const TraceTask& task) {
        return {.input_bytes = {static_cast<std::int64_t>(task.input)},
                .input_count = 1,
                .numbers = {},
                .machine = "trace"};
    }
    forecast::Terms terms(const TraceTask& task) const {
        forecast::Terms terms;
        if (options_.has_request && task.request > 0)
            terms.request.memory = Bytes{static_cast<std::int64_t>(task.request)};
        terms.failure_weight = options_.risk;
        terms.machine_cpu = Cores{64};
        terms.machine_memory = {static_cast<std::int64_t>(options_.node)};
        return terms;
    }
    MethodOptions options_;
    std::unique_ptr<forecast::Forecaster> forecaster_;
    std::set<std::string> known_;
};

}  // namespace

std::unique_ptr<Method> make_product(const MethodOptions& options) { return std::make_unique<Product>(options); }

}  // namespace plimsoll::benches
