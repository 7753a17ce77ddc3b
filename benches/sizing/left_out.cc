// SPDX-License-Identifier: Apache-2.0
#include "benches/sizing/left_out.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace plimsoll::benches {
namespace {

constexpr const char* protocols[] = {"P", "W"};

/// P, then W, with these constants: a row for each workflow.
Result<std::vector<Row>> run(Bench bench, const forecast::MixtureConstants& constants, const Clock& clock) {
    bench.methods = {"plimsoll"};
    bench.options.constants = constants;
    std::vector<Row> rows;
    for (const char* protocol : protocols) {
        bench.protocol = protocol;
        for (Row& row : PLIM_TRY(run_protocol(bench, clock, [](const std::string&) {}))) rows.push_back(std::move(row));
    }
    return rows;
}

std::string described(const forecast::MixtureConstants& constants) {
    return fmt::format("{:g} / {:g} / {:g} / {:g}", constants.sharpness, constants.penalty, constants.like_log,
                       constants.remembered);
}

std::string cells(const Score& score) {
    return fmt::format(" {:.1f} | {:.0f} |", score.wastage_gbh(), score.failed_tasks);
}

}  // namespace

std::vector<forecast::MixtureConstants> candidate_constants() {
    std::vector<forecast::MixtureConstants> candidates;
    for (const double sharpness : {2.0, 4.0, 8.0})
        for (const double penalty : {0.35, 0.5, 0.7})
            for (const double like_log : {0.5, 0.7, 1.0})
                for (const double remembered : {0.95, 0.96, 0.97}) {
                    forecast::MixtureConstants one;
                    one.sharpness = sharpness, one.penalty = penalty;
                    one.like_log = like_log, one.remembered = remembered;
                    candidates.push_back(one);
                }
    return candidates;
}

std::size_t cheapest_without(const std::vector<std::vector<double>>& wastage,
                             const std::vector<std::string>& workflow_of, const std::string& skipped) {
    std::vector<double> sums(wastage.size());
    for (std::size_t at = 0; at < wastage.size(); ++at)
        for (std::size_t column = 0; column < workflow_of.size(); ++column)
            if (workflow_of[column] != skipped) sums[at] += std::log(wastage[at][column]);
    return static_cast<std::size_t>(std::min_element(sums.begin(), sums.end()) - sums.begin());
}

Result<std::string> table_of_left_out(const Bench& bench, const Clock& clock) {
    const std::vector<forecast::MixtureConstants> candidates = candidate_constants();
    std::vector<std::vector<Row>> all;
    std::vector<std::vector<double>> wastage;
    std::vector<std::string> workflow_of;
    for (const forecast::MixtureConstants& candidate : candidates) {
        all.push_back(PLIM_TRY(run(bench, candidate, clock)));
        wastage.emplace_back();
        workflow_of.clear();
        for (const Row& row : all.back()) {
            wastage.back().push_back(std::max(1e-9, row.score.wastage_gbh()));
            workflow_of.push_back(row.workflow);
        }
    }
    const std::vector<Row> own = PLIM_TRY(run(bench, forecast::MixtureConstants{}, clock));
    std::string table =
        "| protocol | workflow left out | GBh, the product's | failed | GBh, chosen without it | failed | chosen: "
        "sharpness / penalty / likeness / memory |\n|---|---|---:|---:|---:|---:|---|\n";
    for (std::size_t column = 0; column < own.size(); ++column) {
        const std::size_t chosen = cheapest_without(wastage, workflow_of, own[column].workflow);
        table += fmt::format("| {} | {} |{}{} {} |\n", protocols[column / (own.size() / std::size(protocols))],
                             own[column].workflow, cells(own[column].score), cells(all[chosen][column].score),
                             described(candidates[chosen]));
    }
    const std::size_t of_all = cheapest_without(wastage, workflow_of, "");
    return table + fmt::format("\nCheapest with all: {}. The product's: {}.\n", described(candidates[of_all]),
                               described(forecast::MixtureConstants{}));
}

}  // namespace plimsoll::benches
