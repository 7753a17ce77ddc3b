// SPDX-License-Identifier: Apache-2.0
// The world as the loop sees it.
#pragma once

#include "plimsoll/base/clock.h"
#include "plimsoll/engine/engine.h"
#include "plimsoll/forecast/forecaster.h"
#include "plimsoll/history/store.h"
#include "plimsoll/machine/capacity.h"
#include "plimsoll/shape/limit_writer.h"
#include "plimsoll/shape/page_cache.h"
#include "plimsoll/telemetry/usage_source.h"
#include "plimsoll/workflow/workspace.h"

namespace plimsoll::loop {

/// All outlive the loop.
struct Edges {
    const Clock& clock;
    engine::Engine& engine;
    shape::LimitWriter& limits;
    telemetry::UsageSource& usage;
    workflow::Workspace& workspace;
    history::Store& store;
    machine::Capacity& capacity;
    forecast::Forecaster& forecaster;
    shape::Warmer* warmer = nullptr;  ///< absent: nothing is read ahead
};

}  // namespace plimsoll::loop
