// SPDX-License-Identifier: Apache-2.0
#include "benches/sizing/method.h"

#include "benches/sizing/product.h"
#include "benches/sizing/rivals.h"

namespace plimsoll::benches {
namespace {

class Request final : public Method {
public:
    void learn(const TraceTask&) override {}
    std::optional<double> first(const TraceTask&) override { return std::nullopt; }
    double retry(const TraceTask&, double allotted, int) override { return 2 * allotted; }
};

using MakeRules = std::unique_ptr<Rules> (*)(const MethodOptions& options);

/// A rival: the same rules for each kind, learnt apart.
class Rival final : public Method {
public:
    Rival(MakeRules make, const MethodOptions& options) : make_(make), options_(options) {}
    void learn(const TraceTask& task) override {
        Kind& kind = kind_of(task);
        kind.rules->learn(task, kind.seen);
        kind.seen.x.push_back(task.input / 1e9);
        kind.seen.y.push_back(task.peak);
        kind.seen.runtime_s.push_back(task.runtime_s);
    }
    std::optional<double> first(const TraceTask& task) override {
        Kind& kind = kind_of(task);
        if (kind.seen.size() == 0) return std::nullopt;
        return kind.rules->first(task, kind.seen);
    }
    double retry(const TraceTask& task, double allotted, int failed) override {
        Kind& kind = kind_of(task);
        return kind.rules->retry(task, kind.seen, allotted, failed);
    }

private:
    struct Kind {
        std::unique_ptr<Rules> rules;
        Seen seen;
    };
    Kind& kind_of(const TraceTask& task) {
        Kind& kind = kinds_[task.kind];
        if (!kind.rules) kind.rules = make_(options_);
        return kind;
    }
    MakeRules make_;
    MethodOptions options_;
    std::map<std::string, Kind> kinds_;
};

struct Named {
    const char* name;
    MakeRules make;
};

constexpr Named rivals[] = {
    {"p95", [](const MethodOptions&) { return make_percentile(0.95); }},
    {"max-1.1", [](const MethodOptions&) { return make_largest(1.1, 2); }},
    {"witt-mean", [](const MethodOptions&) { return make_witt(Offset::deviation); }},
    {"witt-max", [](const MethodOptions&) { return make_witt(Offset::largest); }},
    {"tovar-node", [](const MethodOptions& options) { return make_tovar(Fallback::node, options.node); }},
    {"tovar-request", [](const MethodOptions& options) { return make_tovar(Fallback::request, options.node); }},
    {"tovar-doubling", [](const MethodOptions& options) { return make_tovar(Fallback::doubling, options.node); }},
    {"ponder", [](const MethodOptions&) { return make_ponder(); }},
    {"sizey", [](const MethodOptions&) { return make_sizey(0.45); }},
    {"sizey-accuracy", [](const MethodOptions&) { return make_sizey(0); }},
    {"vpa", [](const MethodOptions&) { return make_vpa(); }},
    {"krr", [](const MethodOptions&) { return make_largest(1.15, 1.25); }},
    {"autopilot", [](const MethodOptions&) { return make_autopilot(); }},
    {"replayed-cost", [](const MethodOptions& options) { return make_replayed_cost(options.time_to_failure); }},
    {"replayed-cost-static",
     [](const MethodOptions& options) { return make_replayed_cost_left_out(options.time_to_failure); }},
};

}  // namespace

std::vector<std::string> method_names() {
    std::vector<std::string> names = {"plimsoll", "request"};
    for (const Named& rival : rivals) names.emplace_back(rival.name);
    return names;
}

std::unique_ptr<Method> make_method(std::string_view name, const MethodOptions& options) {
    if (name == "plimsoll") return make_product(options);
    if (name == "request") return std::make_unique<Request>();
    for (const Named& rival : rivals)
        if (name == rival.name) return std::make_unique<Rival>(rival.make, options);
    return nullptr;
}

}  // namespace plimsoll::benches
