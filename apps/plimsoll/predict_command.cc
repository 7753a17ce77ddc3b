// SPDX-License-Identifier: Apache-2.0
// plimsoll predict FILE [--json]: what each task will need, and how sure that is.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include <nlohmann/json.hpp>

#include "apps/plimsoll/command_frame.h"
#include "apps/plimsoll/kind_card.h"
#include "apps/plimsoll/learned.h"
#include "apps/plimsoll/live/terminal.h"
#include "apps/plimsoll/load.h"
#include "apps/plimsoll/outlook.h"
#include "apps/plimsoll/wrapped.h"
#include "plimsoll/base/clock.h"
#include "plimsoll/machine/host.h"
#include "plimsoll/workflow/file_workspace.h"

namespace plimsoll::cli {
namespace {

using Json = nlohmann::ordered_json;

Json or_null(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

template <class Number>
Json estimate_json(const Estimate& estimate) {
    return {{"p50", static_cast<Number>(estimate.p50)},
            {"bound", static_cast<Number>(estimate.bound)},
            {"stated", or_null(estimate.stated)},
            {"measured", or_null(estimate.measured)}};
}

Json promised_json(const std::optional<Estimate>& promised) {
    if (!promised) return nullptr;
    return {{"bound", static_cast<std::int64_t>(promised->bound)},
            {"stated", or_null(promised->stated)},
            {"measured", or_null(promised->measured)}};
}

Json moved_json(const std::optional<Estimate>& moved) { return moved ? estimate_json<std::int64_t>(*moved) : Json(); }

Json transfers_json(const Transfers& transfers) {
    return {{"disk_read_bytes", moved_json(transfers.read)},
            {"disk_write_bytes", moved_json(transfers.written)},
            {"network_in_bytes", moved_json(transfers.received)},
            {"network_out_bytes", moved_json(transfers.sent)}};
}

/// What is to be held when; empty: the same throughout.
Json phases_json(const std::vector<Phase>& phases) {
    Json list = Json::array();
    for (const Phase& phase : phases)
        list.push_back({{"until_s", seconds(phase.until)},
                        {"memory_bytes", phase.amounts.memory.count},
                        {"cpu_cores", phase.amounts.cpu.count}});
    return list;
}

Json outlook_json(const Outlook& seen) {
    const Forecast& forecast = seen.ask.forecast;
    return {{"step", seen.task->step->name},
            {"task", seen.task->name},
            {"memory_bytes", estimate_json<std::int64_t>(forecast.memory)},
            {"memory_promised_bytes", promised_json(forecast.memory_promised)},
            {"cpu_cores", estimate_json<double>(forecast.cpu)},
            {"runtime_s", estimate_json<double>(forecast.runtime)},
            {"transfers", transfers_json(forecast.transfers)},
            {"phases", phases_json(seen.ask.phases)},
            {"samples", forecast.samples},
            {"source", name_of(forecast.source)},
            {"model", forecast.model}};
}

struct Layout {
    std::size_t name = 0;
    bool with_model = true;
};

/// Names as wide as the widest, or as is left on a terminal; there the model, which `explain` tells too, gives way
/// first.
Layout layout_of(const std::vector<Outlook>& all) {
    constexpr std::size_t figures = 56, least_name = 4, gap = 2;
    const std::size_t widest = name_width(all), columns = columns_for_text(STDOUT_FILENO);
    if (columns == 0) return {.name = widest};
    std::size_t model = least_name;
    for (const Outlook& seen : all) model = std::max(model, gap + seen.ask.forecast.model.size());
    const bool with_model = least_name + figures + model <= columns;
    const std::size_t taken = figures + (with_model ? model : 0);
    return {std::clamp<std::size_t>(columns - std::min(columns, taken), least_name, widest), with_model};
}

/// A name that does not fit has a line of its own.
std::string name_cell(const std::string& name, std::size_t width) {
    if (name.size() > width) return fmt::format("{}\n{:<{}}", name, "", width);
    return fmt::format("{:<{}}", name, width);
}

std::string outlook_line(const Outlook& seen, const Layout& layout) {
    const Forecast& forecast = seen.ask.forecast;
    const std::string sure =
        forecast.memory.measured ? fmt::format("{:.0f} %", 100 * *forecast.memory.measured) : std::string("-");
    return fmt::format("{} {:>10} {:>9} {:>5} {:>11} {:>7} {:>8}{}\n", name_cell(seen.task->name, layout.name),
                       format(Bytes{static_cast<std::int64_t>(forecast.memory.p50)}), format(seen.ask.amounts.memory),
                       format(seen.ask.amounts.cpu), typical_runtime(seen), forecast.samples, sure,
                       layout.with_model ? "  " + forecast.model : "");
}

Result<std::vector<Outlook>> predicted(const std::optional<history::Database>& history, const workflow::Loaded& loaded,
                                       const machine::Host& host, std::optional<Risk> risk, const Clock& clock) {
    const auto forecaster = PLIM_TRY(learned_forecaster(history, loaded.tasks, "learned", options_of_runs(risk, true)));
    const auto workspace = PLIM_TRY(workflow::FileWorkspace::open(loaded.workflow.folder, {}, {}, clock));
    const loop::SizingTerms terms{
        .risk = risk, .memory_headroom = forecast::live_headroom, .machine = host.amounts, .in_phases = true};
    return outlook(loaded.tasks, *workspace, host.machine, *forecaster, terms);
}

std::string sentence(const std::string& text) {
    const std::size_t columns = columns_for_text(STDOUT_FILENO);
    return columns == 0 ? text + "\n" : wrapped(text, 0, 4, columns);
}

/// "; over its time 512 MiB for 2.00 s, then 60.0 MiB (align[s1])", of its first task that is expected so; "" of none.
std::string over_time(const Step& step, const std::vector<Outlook>& all) {
    const auto seen = std::ranges::find_if(
        all, [&](const Outlook& one) { return one.task->step == &step && !one.ask.phases.empty(); });
    if (seen == all.end()) return {};
    return fmt::format("; over its time {} ({})", loop::phases_text(seen->ask.phases), seen->task->name);
}

/// "; reads 12.0 MiB, writes 3.10 MiB (align[s1])", of its first task of which that is known; "" of none.
std::string moved(const Step& step, const std::vector<Outlook>& all) {
    for (const Outlook& seen : all) {
        if (seen.task->step != &step) continue;
        const Transfers& transfers = seen.ask.forecast.transfers;
        const std::pair<const char*, const std::optional<Estimate>*> ways[] = {{"reads", &transfers.read},
                                                                               {"writes", &transfers.written},
                                                                               {"receives", &transfers.received},
                                                                               {"sends", &transfers.sent}};
        std::string text;
        for (const auto& [word, estimate] : ways) {
            if (!*estimate || (*estimate)->p50 < 1) continue;
            text +=
                fmt::format("{}{} {}", text.empty() ? "; " : ", ", word, format(Bytes{std::llround((*estimate)->p50)}));
        }
        if (!text.empty()) return text + " (" + seen.task->name + ")";
    }
    return {};
}

/// A line a step: what is known of it in a sentence.
Result<std::string> known_of_steps(const std::optional<history::Database>& history, const workflow::Workflow& workflow,
                                   const std::vector<Outlook>& all) {
    std::string text;
    if (!history) return text;
    for (const Step& step : workflow.steps) {
        const std::string known = PLIM_TRY(known_of(*history, step.kind));
        if (!known.empty()) text += sentence(step.name + ": " + known + over_time(step, all) + moved(step, all));
    }
    return text.empty() ? text : "\n" + text;
}

Result<void> predict(const PredictOptions& options) {
    const machine::Host host = PLIM_TRY(machine::read_host());
    const workflow::Loaded loaded = PLIM_TRY(load(options.file, options.set, host.amounts));
    const std::optional<history::Database> history = PLIM_TRY(open_history_if_any(options.history));
    const MachineClock clock;
    const std::vector<Outlook> all = PLIM_TRY(predicted(history, loaded, host, options.risk, clock));
    if (options.json) {
        Json steps = Json::array();
        for (const Outlook& seen : all) steps.push_back(outlook_json(seen));
        print(Json{{"steps", steps}}.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
        return {};
    }
    const Layout layout = layout_of(all);
    std::string text =
        fmt::format("{:<{}} {:>10} {:>9} {:>5} {:>11} {:>7} {:>8}{}\n", "task", layout.name, "memory p50", "reserve",
                    "cores", "runtime p50", "samples", "has held", layout.with_model ? "  from" : "");
    for (const Outlook& seen : all) text += outlook_line(seen, layout);
    print(text + PLIM_TRY(known_of_steps(history, loaded.workflow, all)));
    return {};
}

}  // namespace

int predict_command(const PredictOptions& options) {
    const auto predicted_all = predict(options);
    return predicted_all ? Exit::done : fail(predicted_all.error());
}

}  // namespace plimsoll::cli
