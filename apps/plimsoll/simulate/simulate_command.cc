// SPDX-License-Identifier: Apache-2.0
// plimsoll simulate: a scenario is played here, recorded work in what_if_command.cc.
#include <fmt/format.h>

#include "apps/plimsoll/command_frame.h"
#include "apps/plimsoll/simulate/simulate_commands.h"
#include "plimsoll/base/text.h"
#include "plimsoll/simulate/expectations.h"
#include "plimsoll/simulate/schedule_drawing.h"

namespace plimsoll::cli {
namespace {

/// A law that broke is Plimsoll's own fault, and told as an expectation that does not hold: all hold in every scenario.
Result<int> play_file(const SimulateOptions& options) {
    simulate::ScenarioFile file = PLIM_TRY(simulate::read_scenario(options.file));
    if (options.seed) file.scenario.seed = *options.seed;
    std::vector<std::string> wrong;
    auto played = simulate::play(file.scenario);
    if (!played && played.error().kind != ErrorKind::damaged) return played.error().within(options.file);
    std::vector<simulate::Played> runs;
    if (played) {
        runs = std::move(*played);
        wrong = simulate::unmet(file.expectations, runs);
    } else {
        wrong.push_back("a law of runs is broken: " + played.error().message);
    }
    print(options.json ? played_json(file, runs, wrong) : played_text(file, runs, wrong));
    return static_cast<int>(wrong.empty() ? Exit::done : Exit::task_failed);
}

std::string totals_text(const simulate::Played& run) {
    int lost = 0;
    std::size_t finished = 0;
    for (const AttemptRecord& attempt : run.attempts) {
        lost += attempt.outcome->ending == Ending::lost;
        finished += attempt.outcome->ending == Ending::finished;
    }
    std::string text = fmt::format("  {} attempts, {} of them finished", run.attempts.size(), finished);
    if (lost > 0) text += fmt::format(", {} lost", lost);
    if (run.starts > 1) text += fmt::format("; Plimsoll was started {} times", run.starts);
    return text + "\n";
}

}  // namespace

std::string played_text(const simulate::ScenarioFile& file, const std::vector<simulate::Played>& runs,
                        const std::vector<std::string>& unmet) {
    std::string text = file.scenario.description.empty() ? "" : file.scenario.description + "\n";
    for (std::size_t run = 0; run < runs.size(); ++run)
        text += fmt::format("\nrun {}: {}{}", run + 1, simulate::draw_schedule(runs[run]), totals_text(runs[run]));
    text += "\n";
    if (!unmet.empty()) return text + "not as expected:\n  " + join(unmet, "\n  ") + "\n";
    const std::size_t count = file.expectations.size();
    if (count == 0) return text + "nothing was expected of it, but for the laws of every run, which hold\n";
    return text + (count == 1 ? "as expected\n" : fmt::format("all {} expectations hold\n", count));
}

int simulate_command(const SimulateOptions& options) {
    const int what = !options.file.empty() + !options.history.empty() + !options.trace.empty();
    if (what != 1) return fail(invalid("name one of: a scenario file, --history RUN, --trace FILE"));
    if (options.file.empty()) return what_if_command(options);
    const bool has_alternatives = options.requests || !options.policies.empty() || !options.capacities.empty() ||
                                  !options.risks.empty() || !options.html.empty();
    if (has_alternatives)
        return fail(
            invalid("a scenario says all of it itself; --policy, --capacity, --risk, --requests and --html are of "
                    "--history and --trace"));
    const auto code = play_file(options);
    return code ? *code : fail(code.error());
}

}  // namespace plimsoll::cli
