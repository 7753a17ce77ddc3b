// SPDX-License-Identifier: Apache-2.0
#include "apps/plimsoll/doctor/doctor_text.h"

#include <fmt/format.h>

#include <algorithm>

#include <nlohmann/json.hpp>

#include "apps/plimsoll/wrapped.h"

namespace plimsoll::cli {
namespace {

using Json = nlohmann::ordered_json;
using machine::Finding;
using machine::Standing;

constexpr std::size_t text_column = 26;

std::string coloured(Standing standing) {
    const std::string name = fmt::format("{:<9}", machine::name_of(standing));
    const char* colours[] = {"32", "36", "33", "31"};
    return fmt::format("\033[{}m{}\033[0m", colours[static_cast<int>(standing)], name);
}

std::string told(const Finding& finding, bool in_colour) {
    const std::string standing =
        in_colour ? coloured(finding.standing) : fmt::format("{:<9}", machine::name_of(finding.standing));
    const std::string subject = fmt::format("{:<13}", finding.subject);
    std::string text = fmt::format("  {} {} ", standing, subject);
    if (finding.subject.size() > 13) text += "\n" + std::string(text_column, ' ');
    text += wrapped(finding.text, text_column, text_column);
    for (const std::string& remedy : finding.remedies) text += "      " + remedy + "\n";
    return text;
}

/// "all is well", "it can run, with 2 things degraded", ...
std::string verdict(const Diagnosis& diagnosis) {
    if (!diagnosis.can_run()) return fmt::format("Plimsoll cannot run here: {}\n", diagnosis.trouble);
    const auto degraded = std::ranges::count_if(
        diagnosis.findings, [](const Finding& each) { return each.standing == Standing::degraded; });
    if (degraded == 0) return "Plimsoll can run here with all it has.\n";
    return fmt::format("Plimsoll can run here; {} degraded. Any one of the commands beneath it helps.\n",
                       degraded == 1 ? "one thing is" : fmt::format("{} things are", degraded));
}

Json optional_bytes(const std::optional<Bytes>& amount) { return amount ? Json(amount->count) : Json(nullptr); }

Json machine_json(const machine::Survey& survey) {
    const machine::Enclosure& around = survey.host.enclosure;
    return {{"name", survey.host.name},
            {"system", survey.system},
            {"kernel", survey.kernel},
            {"processor", survey.host.model},
            {"cpu_cores", survey.host.amounts.cpu.count},
            {"cpu_cores_allowed_by_group", around.cpu ? Json(around.cpu->count) : Json(nullptr)},
            {"memory_bytes", survey.host.amounts.memory.count},
            {"memory_available_bytes", survey.memory ? Json(survey.memory->available.count) : Json(nullptr)},
            {"memory_allowed_by_group_bytes", optional_bytes(around.memory)},
            {"swap_bytes", survey.swap.count},
            {"gpus", survey.gpus}};
}

Json groups_json(const machine::Survey& survey) {
    const machine::GroupSurvey& groups = survey.groups;
    const bool usable = groups.tree.kind != machine::CgroupKind::none && groups.refused.empty();
    return {{"kind", machine::name_of(usable ? groups.tree.kind : machine::CgroupKind::none)},
            {"mounted", groups.mounted.size()},
            {"memory_limits", usable && !groups.tree.memory.empty()},
            {"cpu_limits", usable && !groups.tree.cpu.empty()},
            {"folder",
             usable ? Json(groups.tree.memory.empty() ? groups.tree.unified : groups.tree.memory) : Json(nullptr)},
            {"pressure", survey.pressure == machine::Pressure::told}};
}

}  // namespace

std::string doctor_text(const Diagnosis& diagnosis, bool in_colour) {
    std::string text;
    for (const Finding& finding : diagnosis.findings) text += told(finding, in_colour);
    return text + (text.empty() ? "" : "\n") + verdict(diagnosis);
}

std::string doctor_json(const Diagnosis& diagnosis) {
    Json all = {{"can_run", diagnosis.can_run()}, {"version", PLIMSOLL_VERSION}};
    if (!diagnosis.can_run()) all["trouble"] = diagnosis.trouble;
    if (!diagnosis.findings.empty()) {
        all["machine"] = machine_json(diagnosis.survey);
        all["cgroups"] = groups_json(diagnosis.survey);
    }
    all["findings"] = Json::array();
    for (const Finding& finding : diagnosis.findings)
        all["findings"].push_back({{"subject", finding.subject},
                                   {"standing", machine::name_of(finding.standing)},
                                   {"text", finding.text},
                                   {"remedies", finding.remedies}});
    return all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace plimsoll::cli
