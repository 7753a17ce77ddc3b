// SPDX-License-Identifier: Apache-2.0
// scenario_test [--rewrite] FILE...: plays each scenario, checks what it expects, and compares its schedule
// with the drawing beside it (NAME.txt). --rewrite writes the drawings anew; look at the difference.
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "plimsoll/base/file.h"
#include "plimsoll/base/text.h"
#include "plimsoll/simulate/expectations.h"
#include "plimsoll/simulate/read_scenario.h"
#include "plimsoll/simulate/schedule_drawing.h"

namespace {

using namespace plimsoll;
using namespace plimsoll::simulate;

std::string drawing_of(const ScenarioFile& file, const std::vector<Played>& runs) {
    std::string text = file.scenario.description + "\n";
    for (std::size_t run = 0; run < runs.size(); ++run)
        text += fmt::format("\nrun {}: {}", run + 1, draw_schedule(runs[run]));
    return text;
}

Result<void> play_file(const std::string& path, bool rewrite) {
    const ScenarioFile file = PLIM_TRY(read_scenario(path));
    const std::vector<Played> runs = PLIM_TRY(play(file.scenario));
    const std::string drawing = drawing_of(file, runs);
    const std::string golden = std::filesystem::path(path).replace_extension(".txt").string();
    const std::vector<std::string> wrong = unmet(file.expectations, runs);
    if (!wrong.empty()) return invalid(join(wrong, "\n") + "\n" + drawing);
    if (rewrite) return replace_file(golden, drawing, 0644);
    const auto drawn = read_file(golden);
    if (!drawn || *drawn != drawing)
        return invalid(fmt::format("the schedule is not the one in {}; if it should be: scenario_test --rewrite {}\n{}",
                                   golden, path, drawing));
    return {};
}

}  // namespace

int main(int argc, char** argv) {
    std::vector<std::string> paths(argv + 1, argv + argc);
    const bool rewrite = std::erase(paths, "--rewrite") > 0;
    int failed = 0;
    for (const std::string& path : paths) {
        const auto played = play_file(path, rewrite);
        if (played) continue;
        ++failed;
        fmt::print(stderr, "{}: {}\n", path, played.error().message);
    }
    fmt::print("{} scenarios, {} failed\n", paths.size(), failed);
    return failed == 0 && !paths.empty() ? 0 : 1;
}
