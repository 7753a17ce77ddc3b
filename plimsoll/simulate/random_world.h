// SPDX-License-Identifier: Apache-2.0
// A number -> a workflow, what its tasks truly do, a cluster and its misfortunes: the same number gives the
// same world on every machine. What random testing plays through the loop.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "plimsoll/base/random.h"
#include "plimsoll/loop/loop.h"
#include "plimsoll/simulate/drawing.h"
#include "plimsoll/simulate/simulated_run.h"

namespace plimsoll::simulate {

struct RandomWorld {
    Drawing drawing;
    std::vector<TaskId> batches;  ///< tasks join in batches that end before these ids
    SimulatedRun::Setup setup;
    const char* forecaster = "request";
    int runs = 1;  ///< one after another, the forecaster kept
    struct Others {
        Instant from{}, until{};
        Resources amounts;
    };
    std::vector<Others> others;
    std::optional<std::pair<Instant, Instant>> refused;  ///< limits cannot be written meanwhile
    std::optional<Instant> meddled;                      ///< somebody else changes a limit
    std::optional<std::pair<Instant, loop::StopMode>> stop;
};

RandomWorld random_world(std::uint64_t seed);

/// Plays the world of this seed; gives what broke (laws.h), nothing when all held. Deterministic.
std::vector<std::string> play(std::uint64_t seed);

}  // namespace plimsoll::simulate
