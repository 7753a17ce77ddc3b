// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "apps/plimsoll/simulate/recorded.h"
#include "plimsoll/exchange/kind_names.h"
#include "plimsoll/exchange/sources.h"
#include "plimsoll/simulate/trace_work.h"

namespace plimsoll::cli {
namespace {

Result<std::string> format_of(const std::string& file, const std::string& named) {
    if (!named.empty()) return named;
    if (file.ends_with(".swf") || file.ends_with(".swf.gz")) return std::string("swf");
    if (file.find("wfinstances") != std::string::npos) return std::string("wfinstances");
    if (file.find("openb_pod") != std::string::npos) return std::string("openb");
    return invalid(fmt::format(
        "what {} is, its name does not say; add --trace-format nextflow, sacct, wfformat, swf, wfinstances or openb",
        file));
}

/// What other tools measured: who needs whom is not in it, and tasks join when they started.
Result<Recorded> measured(const std::string& file, const std::string& format) {
    std::vector<AttemptRecord> attempts;
    exchange::KindNames names({});
    exchange::Account account;
    exchange::Into into{
        .names = names, .account = account, .take = [&](const exchange::Imported& imported) -> Result<bool> {
            attempts.push_back(imported.attempt);
            return true;
        }};
    exchange::Lines lines(PLIM_TRY(exchange::open_pieces(file)), file);
    PLIM_TRY(exchange::find_source(format)->read(lines, {}, into));
    if (account.unreadable > 0) return invalid(account.problems.front());
    if (attempts.empty()) return invalid(file + " holds no attempt that was measured");
    RunRecord run;
    run.started = std::ranges::min_element(attempts, {}, &AttemptRecord::started)->started;
    return Recorded{.name = file, .work = simulate::recorded_work(run, attempts, {})};
}

}  // namespace

Result<std::vector<Recorded>> recorded_trace(const std::string& file, const std::string& named) {
    const std::string format = PLIM_TRY(format_of(file, named));
    std::vector<Recorded> all;
    if (format == "swf") {
        all.push_back({.name = file, .work = simulate::work_of(PLIM_TRY(simulate::read_swf(file)))});
    } else if (format == "wfinstances") {
        for (const simulate::WfDag& dag : PLIM_TRY(simulate::read_wfinstances(file)))
            all.push_back({.name = dag.file, .work = simulate::work_of(dag)});
    } else if (format == "openb") {
        all.push_back({.name = file, .work = simulate::work_of(PLIM_TRY(simulate::read_openb_pods(file)))});
    } else {
        all.push_back(PLIM_TRY(measured(file, format)));
    }
    std::erase_if(all, [](const Recorded& one) { return one.work.tasks.empty(); });
    if (all.empty()) return invalid(file + " holds nothing that could be played");
    return all;
}

}  // namespace plimsoll::cli
