// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/model/outcome.h"

#include <string.h>

#include <array>

namespace plimsoll {
namespace {

constexpr std::array<std::string_view, ending_count> ending_names = {
    "finished",       "exit",      "signal", "out_of_memory", "timeout",    "cancelled",
    "missing_output", "preempted", "lost",   "input_changed", "not_started"};
constexpr std::array<std::string_view, ending_count> phrases = {"finished",
                                                                "exit code ",
                                                                "killed by ",
                                                                "out of memory",
                                                                "ran out of time",
                                                                "cancelled",
                                                                "missing output",
                                                                "preempted",
                                                                "lost: nobody saw its end",
                                                                "an input changed while it ran",
                                                                "could not be started"};

}  // namespace

std::string_view name_of(Ending ending) { return ending_names[static_cast<std::size_t>(ending)]; }

Result<Ending> parse_ending(std::string_view name) {
    for (std::size_t at = 0; at < ending_names.size(); ++at)
        if (ending_names[at] == name) return static_cast<Ending>(at);
    return invalid("'" + std::string(name) + "' is not a way an attempt ends");
}

std::string describe(const Outcome& outcome) {
    std::string text(phrases[static_cast<std::size_t>(outcome.ending)]);
    if (outcome.ending == Ending::exit) text += std::to_string(outcome.code);
    if (outcome.ending == Ending::signal) {
        const char* name = ::sigabbrev_np(outcome.code);
        text += name ? std::string("SIG") + name : "signal " + std::to_string(outcome.code);
    }
    if (!outcome.detail.empty()) text += ": " + outcome.detail;
    return text;
}

bool is_censored(Ending ending) {
    return ending != Ending::finished && ending != Ending::missing_output && ending != Ending::input_changed;
}

}  // namespace plimsoll
