// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/loop/start_reason.h"

#include <fmt/format.h>

namespace plimsoll::loop {

namespace {

std::string_view order_of(const StartStory& story) {
    switch (story.discipline) {
        case Discipline::fifo: return "in the order of being handed in";
        case Discipline::priority: return "by priority";
        case Discipline::edf: return "by deadline";
        case Discipline::depth: return "depth first";
        default: return story.is_planned ? "the order that was rehearsed" : "critical path";
    }
}

std::string cause_of(const StartStory& story) {
    const std::string in = story.first_starts_in ? " in " + format(*story.first_starts_in) : "";
    const std::string_view guess = story.has_runtime ? "" : "runtime unknown, taken to be ";
    constexpr std::string_view waits = "which waits for tasks of unknown runtime";
    switch (story.cause) {
        case StartCause::first_in_line: return fmt::format("{}: first in line", order_of(story));
        case StartCause::deadline_near: return "its deadline is near";
        case StartCause::room_kept: return "room was kept for it from now on, for a deadline";
        case StartCause::ends_before:
            return fmt::format("backfill: {}done before {} can start{}", guess, story.first,
                               in.empty() ? fmt::format(", {}", waits) : in);
        case StartCause::beside:
            return fmt::format("backfill: room beside {}, {}", story.first,
                               in.empty() ? std::string(waits) : "which starts" + in);
    }
    return {};
}

}  // namespace

std::string start_reason(const StartStory& story) {
    std::string told = story.turn.empty() ? cause_of(story) : story.turn + "; " + cause_of(story);
    if (story.kept_ahead)
        told += fmt::format("; room had been kept for it ahead of need, for {}", format(*story.kept_ahead));
    return told;
}

}  // namespace plimsoll::loop
