// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/loop/learnt.h"

#include <fmt/format.h>

#include <ranges>
#include <set>
#include <string_view>
#include <utility>

#include "plimsoll/base/hash.h"
#include "plimsoll/forecast/state.h"

namespace plimsoll::loop {
namespace {

constexpr std::string_view model = "replayed-cost";
// Learning one measurement takes some 90 us, keeping the models of a workflow some 10 ms.
constexpr std::size_t keep_least = 100;

/// What goes into them: kinds, and the terms for which curves are chosen.
std::string name_of_models(const ToLearn& what) {
    Hasher hasher;
    for (const TaskKind& kind : std::set<TaskKind>(what.kinds.begin(), what.kinds.end()))
        for (const std::string* part : {&kind.workflow, &kind.step, &kind.tool}) hasher.add_field(*part);
    hasher.add_field(fmt::format("{} {}", what.forecaster.failure_weight,
                                 what.forecaster.growth_stall ? seconds(*what.forecaster.growth_stall) : 0));
    return hasher.digest().hex();
}

/// What a measurement says to a run of these kinds: all, something of a program of theirs, or what everything has in
/// common.
class Related {
public:
    explicit Related(const std::vector<TaskKind>& kinds) : kinds_(kinds.begin(), kinds.end()) {
        for (const TaskKind& kind : kinds) programs_.insert(program_of(kind.tool));
    }
    bool is_asked_for(const TaskKind& kind) const { return kinds_.contains(kind); }
    bool has_program(const TaskKind& kind) const {
        return !kind.tool.empty() && programs_.contains(program_of(kind.tool));
    }

private:
    std::set<TaskKind> kinds_;
    std::set<std::string> programs_;
};

void teach(Learnt& learnt, const Related& related, const Observation& observation) {
    const bool is_own = related.is_asked_for(observation.kind), is_near = related.has_program(observation.kind);
    learnt.learnt += is_own || is_near;
    if (is_own) learnt.forecaster->learn(observation);
    else if (is_near) learnt.forecaster->learn_of_tool(observation);
    else learnt.forecaster->learn_in_passing(observation);
}

/// By what is kept, if it is of this version and base.
Result<bool> restore(Learnt& learnt, const history::Database& history) {
    const std::optional<history::KeptModels> kept = PLIM_TRY(history.kept_models(learnt.name));
    if (!kept || kept->version != forecast::models_version || kept->base != learnt.base) return false;
    if (!learnt.forecaster->restore(kept->state)) return false;
    learnt.through = kept->through;
    return true;
}

}  // namespace

Result<Learnt> learn_history(const history::Database& history, const ToLearn& what) {
    Learnt learnt{.forecaster = forecast::make_forecaster(model, what.forecaster), .name = name_of_models(what)};
    const Related related(what.kinds);
    const std::int64_t told = PLIM_TRY(history.told());
    learnt.base = told / what.base_step * what.base_step;
    learnt.is_restored = PLIM_TRY(restore(learnt, history));
    if (!learnt.is_restored) {
        learnt.through = learnt.base;
        if (learnt.base > 0) {
            const auto newest = PLIM_TRY(history.observations({.kinds = what.kinds, .through = learnt.base}));
            learnt.forecaster->put_off_choices(true);
            for (const Observation& one : std::views::reverse(newest)) teach(learnt, related, one);  // oldest first
            learnt.forecaster->put_off_choices(false);
        }
    }
    PLIM_TRY(history.each_told(learnt.through, told, [&](const Observation& one) { teach(learnt, related, one); }));
    learnt.through = told;
    return learnt;
}

Result<void> keep_learnt(history::Database& history, const Learnt& learnt) {
    if (learnt.learnt < keep_least) return {};
    return history.keep_models(learnt.name, {.version = forecast::models_version,
                                             .base = learnt.base,
                                             .through = learnt.through,
                                             .state = learnt.forecaster->state()});
}

}  // namespace plimsoll::loop
