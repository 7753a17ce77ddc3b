// SPDX-License-Identifier: Apache-2.0
// An event as the one line of JSON that programs read (`run --json`, events.jsonl). The keys are promised
// in docs/reference/schemas/event.schema.json.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "plimsoll/loop/event.h"

namespace plimsoll::cli {

/// Without the newline.
std::string event_json(const loop::Event& event, const RunId& run);

}  // namespace plimsoll::cli
