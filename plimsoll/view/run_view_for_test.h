// SPDX-License-Identifier: Apache-2.0
// A run under way to draw and to write, for tests.
#pragma once

#include <string>

#include "plimsoll/view/run_view.h"

namespace plimsoll::view {

/// Task `at` of a step: it has run for so many seconds, uses half of what it holds.
inline TaskLine task_for_test(const std::string& step, int at) {
    const Amounts reserved{2_GiB, 1_cores};
    return {.name = step + "[s" + std::to_string(at) + "]",
            .step = step,
            .attempt = 1,
            .lived = std::chrono::seconds(10 * at),
            .takes = std::chrono::seconds(90),
            .used = Amounts{1_GiB, 0.97_cores},
            .reserved = reserved,
            .grown = 0,
            .frozen = {}};
}

/// 34 of 120 tasks done, two running.
inline RunView run_for_test() {
    RunView run;
    run.run = "20261121-044742-7f3a";
    run.workflow = "variants";
    run.owner = {.pid = 1, .start_ticks = 2, .boot_id = "boot"};
    run.elapsed = std::chrono::seconds(723);
    run.counts = {.tasks = 120, .running = 2, .finished = 22, .up_to_date = 12, .failed = 0, .cancelled = 0};
    run.ready = 8;
    run.used = {2_GiB, 1.94_cores};
    run.reserved = {4_GiB, 2_cores};
    run.machine = {24_GiB, 2_cores};
    run.others = {3_GiB, 0_cores};
    run.eta = {.least = std::chrono::seconds(1234), .most = std::chrono::seconds(1890), .unknown = ""};
    run.steps = {{"index", {4, 0, 4, 0, 0, 0}, {}, {}},
                 {"align", {100, 2, 18, 12, 0, 0}, run.used, run.reserved},
                 {"call", {16, 0, 0, 0, 0, 0}, {}, {}}};
    run.running = {task_for_test("align", 3), task_for_test("align", 1)};
    return run;
}

}  // namespace plimsoll::view
