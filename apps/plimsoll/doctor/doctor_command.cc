// SPDX-License-Identifier: Apache-2.0
// plimsoll doctor: looks at the machine, tries what only a try can tell, and says what would help.
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "apps/plimsoll/command_frame.h"
#include "apps/plimsoll/doctor/doctor_text.h"
#include "apps/plimsoll/live_run.h"
#include "plimsoll/base/clock.h"
#include "plimsoll/engine/local_engine.h"
#include "plimsoll/machine/ledger.h"

namespace plimsoll::cli {
namespace {

std::string variable_or(const char* name, const std::string& otherwise) {
    const char* value = std::getenv(name);
    return value && *value ? value : otherwise;
}

machine::Asker who_asks() {
    const unsigned uid = ::geteuid();
    const passwd* entry = ::getpwuid(uid);
    return {.user = entry ? entry->pw_name : std::to_string(uid), .uid = uid, .pid = ::getpid()};
}

machine::SurveyPlan plan_of(const DoctorOptions& options) {
    machine::SurveyPlan plan{
        .asker = who_asks(), .ledger = variable_or("PLIMSOLL_LEDGER", machine::default_ledger_file), .folders = {}};
    if (const auto path = history_path(options.history))
        plan.folders.emplace_back("history", path->substr(0, std::max<std::size_t>(path->rfind('/'), 1)));
    return plan;
}

/// The engine finds out by trying whether groups can be used; what it cannot do at all, a run cannot do.
std::string try_engine(machine::Survey& survey) {
    const MachineClock clock;
    const auto engine =
        engine::LocalEngine::open({.run = new_run_id(clock.wall()), .capacity = survey.host.amounts}, clock);
    if (!engine) return engine.error().message;
    const bool were_found = survey.groups.tree.kind != machine::CgroupKind::none;
    if (!were_found || (*engine)->cgroups().kind != machine::CgroupKind::none) return {};
    for (const std::string& notice : (*engine)->take_notices()) {
        const std::size_t open = notice.find('('), close = notice.find("): ");
        if (open != std::string::npos && close != std::string::npos)
            survey.groups.refused = notice.substr(open + 1, close - open - 1);
    }
    return {};
}

Diagnosis diagnose(const DoctorOptions& options) {
    Diagnosis diagnosis;
    auto surveyed = machine::survey(plan_of(options));
    if (!surveyed) {
        diagnosis.trouble = surveyed.error().message;
        return diagnosis;
    }
    diagnosis.survey = std::move(*surveyed);
    diagnosis.trouble = try_engine(diagnosis.survey);
    diagnosis.findings = machine::findings(diagnosis.survey);
    for (const machine::Finding& finding : diagnosis.findings)
        if (diagnosis.can_run() && finding.standing == machine::Standing::missing) diagnosis.trouble = finding.text;
    return diagnosis;
}

bool wants_colour() {
    const char* no_colour = std::getenv("NO_COLOR");
    return ::isatty(STDOUT_FILENO) != 0 && !(no_colour && *no_colour) && variable_or("TERM", "dumb") != "dumb";
}

}  // namespace

int doctor_command(const DoctorOptions& options) {
    const Diagnosis diagnosis = diagnose(options);
    print(options.json ? doctor_json(diagnosis) : doctor_text(diagnosis, wants_colour()));
    return diagnosis.can_run() ? Exit::done : Exit::machine_cannot;
}

}  // namespace plimsoll::cli
