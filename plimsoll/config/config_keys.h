// SPDX-License-Identifier: Apache-2.0
// The keys of a config file. The JSON Schema is tested against these tables.
#pragma once

#include <string_view>

namespace plimsoll::config {

inline constexpr std::string_view config_keys[] = {"discipline", "reclaim", "queues"};
inline constexpr std::string_view queue_keys[] = {"weight",      "priority", "discipline", "guaranteed", "most",
                                                  "max_running", "ageing",   "reclaim",    "queues"};
inline constexpr std::string_view reclaim_keys[] = {"after"};
inline constexpr std::string_view amounts_keys[] = {"cpu", "memory", "gpu"};

}  // namespace plimsoll::config
