// SPDX-License-Identifier: Apache-2.0
#include "benches/sizing/method.h"

#include <algorithm>
#include <map>
#include <set>

#include "plimsoll/forecast/forecaster.h"
#include "plimsoll/forecast/peak_model.h"

namespace plimsoll::benches {
namespace {

class Request final : public Method {
public:
    void learn(const TraceTask&) override {}
    std::optional<double> first(const TraceTask&) override { return std::nullopt; }
    double retry(const TraceTask&, double allotted, int) override { return 2 * allotted; }
};

class LargestSeen final : public Method {
public:
    void learn(const TraceTask& task) override { largest_[task.kind] = std::max(largest_[task.kind], task.peak); }
    std::optional<double> first(const TraceTask& task) override {
        const auto found = largest_.find(task.kind);
        return found == largest_.end() ? std::nullopt : std::optional(1.1 * found->second);
    }
    double retry(const TraceTask&, double allotted, int) override { return 2 * allotted; }

private:
    std::map<std::string, double> largest_;
};

/// The model alone, with no weight on failures: the published method.
class ReplayedCost final : public Method {
public:
    explicit ReplayedCost(const MethodOptions& options) : options_(options) {}
    void learn(const TraceTask& task) override { model(task).learn({task.input, task.peak, task.runtime_s}); }
    std::optional<double> first(const TraceTask& task) override {
        if (model(task).samples() == 0) return std::nullopt;
        return model(task).choose(task.input, 0).bound;
    }
    double retry(const TraceTask& task, double allotted, int failed) override {
        return model(task).retry(allotted, failed);
    }

private:
    forecast::PeakModel& model(const TraceTask& task) {
        return models_.try_emplace(task.kind, options_.time_to_failure).first->second;
    }
    MethodOptions options_;
    std::map<std::string, forecast::PeakModel> models_;
};

/// The product's forecaster, asked as the loop asks it.
class Product final : public Method {
public:
    explicit Product(const MethodOptions& options)
        : options_(options), forecaster_(forecast::make_forecaster("replayed-cost")) {}

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
        if (!known_.contains(task.kind)) return std::nullopt;
        return forecaster_->forecast(kind_of(task), features_of(task), terms(task)).memory.bound;
    }
    double retry(const TraceTask& task, double allotted, int failed) override {
        const Bytes limit{static_cast<std::int64_t>(allotted)};
        return static_cast<double>(
            forecaster_->retry_memory(kind_of(task), features_of(task), terms(task), limit, failed).count);
    }

private:
    static TaskKind kind_of(const TraceTask& task) { return {.workflow = "trace", .step = task.kind, .tool = ""}; }
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

std::vector<std::string> method_names() { return {"plimsoll", "replayed-cost", "request", "max-1.1"}; }

std::unique_ptr<Method> make_method(std::string_view name, const MethodOptions& options) {
    if (name == "plimsoll") return std::make_unique<Product>(options);
    if (name == "replayed-cost") return std::make_unique<ReplayedCost>(options);
    if (name == "request") return std::make_unique<Request>();
    if (name == "max-1.1") return std::make_unique<LargestSeen>();
    return nullptr;
}

}  // namespace plimsoll::benches
