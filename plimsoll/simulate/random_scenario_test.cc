// SPDX-License-Identifier: Apache-2.0
// Random scenarios through the loop. PLIMSOLL_SEED and PLIMSOLL_SEEDS choose the first seed and how many.
#include "plimsoll/simulate/random_scenario.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>

#include "plimsoll/base/file.h"
#include "plimsoll/base/probe.h"

using namespace plimsoll;
using namespace plimsoll::simulate;

namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
    const char* given = std::getenv(name);
    return given ? std::strtoull(given, nullptr, 10) : otherwise;
}

/// Rare branches of the loop that random scenarios do not come to, and why.
const std::map<std::string, std::string> not_reached = {
    {"loop: a task takes the memory that others leave",
     "needs others that hold little of the machine for long and a limit that is not grown; loop_trouble_test has it"},
    {"loop: a queued task waits again for what it needs",
     "needs a temporary that somebody else deletes while its readers are queued; files here go by the loop's word"},
    {"loop: what saves an attempt's work could not be started",
     "beside an attempt that runs nothing keeps a command from starting here; on a real machine it may be short of "
     "them"},
    {"loop: a task was split",
     "what an input could be cut into is read off the file itself; files here have no content"},
    {"loop: room that was kept ahead is given up",
     "needs runtimes learnt in several runs, and a slower one then; tests/scenarios/stage_ahead_wrong.toml has it"},
    {"loop: a split of an interrupted run goes on", "likewise; tests/cli/split_test.py splits real files"},
};

/// The names in PLIM_PROBE("loop: ...") in the sources of a module.
std::vector<std::string> probes_of(const std::filesystem::path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() != ".cc") continue;
        const std::string text = read_file(entry.path().string()).value();
        const std::string opening = "PLIM_PROBE(\"";
        for (std::size_t at = text.find(opening); at != std::string::npos; at = text.find(opening, at + 1)) {
            const std::size_t begin = at + opening.size();
            names.push_back(text.substr(begin, text.find('"', begin) - begin));
        }
    }
    return names;
}

}  // namespace

TEST_CASE("whatever happens, the laws of a run hold, and every rare branch of the loop is met") {
    const std::uint64_t first = from_environment("PLIMSOLL_SEED", 1);
    const std::uint64_t count = from_environment("PLIMSOLL_SEEDS", 1000);
    for (std::uint64_t seed = first; seed < first + count; ++seed) {
        CAPTURE(seed);
        INFO("again, made smaller: ./dev soak simulate --seeds 1 --seed ", seed);
        const auto played = play(random_scenario(seed));
        CHECK((played ? "" : played.error().message) == "");
    }
#ifdef PLIM_PROBES
    if (std::getenv("PLIMSOLL_SEEDS")) return;
    std::map<std::string, std::uint64_t> reached;
    for (const ProbeCount& probe : probe_counts()) reached[probe.name] = probe.reached;
    for (const std::string& name : probes_of(PLIMSOLL_SOURCE_DIR "/plimsoll/loop")) {
        INFO("the rare branch '", name, "': reached ", reached[name], " times");
        CHECK((reached[name] > 0) != not_reached.contains(name));
    }
#endif
}
