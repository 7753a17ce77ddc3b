// SPDX-License-Identifier: Apache-2.0
// The keys of a workflow file, in the order in which the reference tells them. The JSON Schema is tested
// against these tables.
#pragma once

#include <string_view>

namespace plimsoll::workflow {

inline constexpr std::string_view workflow_keys[] = {"name", "params", "inputs", "env", "secrets", "defaults", "steps"};

/// What a step may set for itself and `defaults` for all.
inline constexpr std::string_view settings_keys[] = {"request",  "limit",     "retry", "timeout",   "priority",
                                                     "deadline", "queue",     "env",   "secrets",   "workdir",
                                                     "shell",    "container", "risk",  "checkpoint"};

inline constexpr std::string_view step_keys[] = {
    "command", "inputs",  "outputs", "temporary", "scatter",   "split",    "needs",
    "request", "limit",   "retry",   "timeout",   "priority",  "deadline", "queue",
    "env",     "secrets", "workdir", "shell",     "container", "risk",     "checkpoint"};
inline constexpr std::string_view checkpoint_keys[] = {"command", "within", "takes"};

inline constexpr std::string_view request_keys[] = {"cpu", "memory", "time", "disk", "gpu"};
inline constexpr std::string_view limit_keys[] = {"cpu", "disk_read", "disk_write"};
inline constexpr std::string_view retry_keys[] = {"failure", "out_of_memory", "timeout"};
inline constexpr std::string_view output_keys[] = {"path", "temporary"};
inline constexpr std::string_view split_keys[] = {"by",     "record",        "range", "input",
                                                  "header", "output_header", "parts", "join"};
inline constexpr std::string_view values_keys[] = {"files", "range"};

}  // namespace plimsoll::workflow
