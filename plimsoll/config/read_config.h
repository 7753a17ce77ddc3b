// SPDX-License-Identifier: Apache-2.0
// A config file: which queues share the machine, and how. YAML, read with the same care as a workflow.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/base/result.h"
#include "plimsoll/model/queue_spec.h"
#include "plimsoll/workflow/problem.h"

namespace plimsoll::config {

struct Config {
    std::string file;  ///< "": there is none, and the defaults hold
    bool names_queues = false;
    std::vector<QueueSpec> queues = default_queues();
};

/// The environment variables that decide where a user's settings lie; empty where unset.
struct ConfigHome {
    std::string xdg_config_home;
    std::string home;
};

/// $XDG_CONFIG_HOME/plimsoll/config.yaml, or $HOME/.config/plimsoll/config.yaml; "" when neither is usable.
std::string default_config_file(const ConfigHome& home);

struct ReadConfig {
    Config config;
    std::vector<workflow::Problem> problems;  ///< when not empty, do not use the rest: tell all of them, exit 2
};

/// `file` is its name in messages. A queue "default" is added where none is named: it is for steps that name none.
ReadConfig read_config_text(std::string_view text, const std::string& file);

/// The queues that hold for steps that name these: those of the config; where it names none, one for each name, all
/// of the same weight. A name that the config does not know is an error that tells the nearest.
Result<std::vector<QueueSpec>> queues_for(const Config& config, const std::vector<std::string>& named);

}  // namespace plimsoll::config
