// SPDX-License-Identifier: Apache-2.0
// plimsoll advise: what was asked for, what was used, and what to ask for instead.
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "apps/plimsoll/command_frame.h"
#include "apps/plimsoll/exchange/advice_text.h"
#include "apps/plimsoll/exchange/exchange_commands.h"
#include "apps/plimsoll/kind_card.h"
#include "apps/plimsoll/wrapped.h"
#include "plimsoll/advise/snippets.h"
#include "plimsoll/base/text.h"

namespace plimsoll::cli {
namespace {

using Json = nlohmann::ordered_json;
using advise::KindAdvice;

template <class Value>
Json or_null(const std::optional<Value>& value) {
    if (!value) return nullptr;
    if constexpr (std::is_same_v<Value, Duration>) return seconds(*value);
    else return value->count;
}

Json replayed_json(const advise::Replayed& replayed) {
    return {{"tasks", replayed.tasks}, {"failed", replayed.failed}, {"unknown", replayed.unknown}};
}

Json memory_json(const std::optional<advise::MemoryAdvice>& memory) {
    if (!memory) return nullptr;
    return {{"requested_bytes", or_null(memory->requested)},
            {"typical_bytes", memory->typical.count},
            {"largest_bytes", memory->largest.count},
            {"advised_bytes", memory->advised.count},
            {"promised", memory->promised},
            {"replayed", replayed_json(memory->replayed)},
            {"requested_gbh", memory->requested_gbh},
            {"used_gbh", memory->used_gbh},
            {"wasted_gbh", memory->wasted_gbh},
            {"advised_wasted_gbh", memory->advised_wasted_gbh}};
}

Json cpu_json(const std::optional<advise::CpuAdvice>& cpu) {
    if (!cpu) return nullptr;
    return {{"requested_cores", or_null(cpu->requested)},
            {"typical_cores", cpu->typical},
            {"advised_cores", cpu->advised},
            {"requested_ch", cpu->requested_ch},
            {"used_ch", cpu->used_ch}};
}

Json time_json(const std::optional<advise::TimeAdvice>& time) {
    if (!time) return nullptr;
    return {{"requested_s", or_null(time->requested)},
            {"typical_s", seconds(time->typical)},
            {"largest_s", seconds(time->largest)},
            {"advised_s", seconds(time->advised)},
            {"promised", time->promised},
            {"replayed", replayed_json(time->replayed)}};
}

Json json_of(const KindAdvice& one) {
    return {{"workflow", one.kind.workflow}, {"step", one.kind.step},
            {"tool", one.kind.tool},         {"attempts", one.attempts},
            {"finished", one.finished},      {"out_of_memory", one.out_of_memory},
            {"timeout", one.timeout},        {"memory", memory_json(one.memory)},
            {"cpu", cpu_json(one.cpu)},      {"time", time_json(one.time)}};
}

std::string json_text(const AdviseOptions& options, const std::vector<KindAdvice>& all) {
    Json kinds = Json::array();
    for (const KindAdvice& one : all) kinds.push_back(json_of(one));
    const Json json = {{"stay_under", options.stay_under_percent / 100},
                       {"risk", options.risk ? Json(options.risk->failure_weight) : Json(nullptr)},
                       {"kinds", std::move(kinds)}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<std::vector<KindAdvice>> advice(const AdviseOptions& options, const history::Database& history) {
    history::PastFilter filter{.workflow = options.workflow};
    if (!options.run.empty()) filter.run = PLIM_TRY(history.run(options.run)).id;
    advise::AdviceOptions how{.stay_under = options.stay_under_percent / 100};
    if (options.risk) how.risk = options.risk->failure_weight;
    std::vector<KindAdvice> all = PLIM_TRY(advise::advise(history, filter, how));
    std::erase_if(all, [](const KindAdvice& one) { return !one.memory && !one.time && !one.cpu; });
    if (!all.empty()) return all;
    if (!options.workflow.empty()) {
        std::set<std::string> others;
        for (const KindAdvice& one : PLIM_TRY(advise::advise(history, {.run = filter.run}, how)))
            others.insert(one.kind.workflow);
        const std::vector<std::string> names(others.begin(), others.end());
        if (!names.empty())
            return Error{ErrorKind::not_found, fmt::format("no kind of workflow '{}' is known; there is {}",
                                                           options.workflow, join(names, ", "))};
    }
    return Error{ErrorKind::not_found,
                 "nothing is known to advise from; `plimsoll import sacct FILE` learns from Slurm's accounting, "
                 "`plimsoll import --help` tells what else"};
}

/// Of the kinds that waste most, what is known in a sentence each.
Result<std::string> known_text(const history::Database& history, std::span<const KindAdvice> shown) {
    constexpr std::size_t looked_at = 300, kinds_told = 5;
    std::string text;
    for (const KindAdvice& one : shown.first(std::min(shown.size(), kinds_told))) {
        const std::string words = PLIM_TRY(known_of(history, one.kind, {.looked_at = looked_at}));
        if (!words.empty()) text += wrapped(fmt::format("{}: {}", one.kind.step, words), 0, 4);
    }
    return text.empty() ? text : "\nWhat is known (of every kind: plimsoll models):\n" + text + "\n";
}

Result<std::string> told(const AdviseOptions& options) {
    const history::Database history = PLIM_TRY(open_history(options.history));
    const std::vector<KindAdvice> all = PLIM_TRY(advice(options, history));
    if (options.json) return json_text(options, all);
    if (options.into == "nextflow") return advise::nextflow_config(all);
    if (options.into == "snakemake") return advise::snakemake_profile(all);
    if (options.into == "snakemake-7") return advise::snakemake7_profile(all);
    if (options.into == "slurm") return advise::sbatch_lines(all);
    return advice_text(all, PLIM_TRY(known_text(history, shown_of(all, options))), options);
}

}  // namespace

int advise_command(const AdviseOptions& options) {
    const auto text = told(options);
    if (!text) return fail(text.error());
    print(*text);
    return Exit::done;
}

}  // namespace plimsoll::cli
